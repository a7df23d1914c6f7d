// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { Announcer } from './Announcer.tsx';

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const line = (id: string): TranscriptLine => ({ id, startS: 0, endS: 1, text: id, translation: id.toUpperCase() });
const said = (): (string | null)[] => [...screen.getByRole('log').children].map((child) => child.textContent);

it('tells each phrase once, several together when they come quickly, and not what was there before', () => {
  const lines = [line('before')];
  const view = render(<Announcer lines={lines} language="en" to={null} />);
  const add = (...ids: string[]): void => {
    lines.push(...ids.map(line));
    view.rerender(<Announcer lines={[...lines]} language="en" to={null} />);
  };
  add('one', 'two');
  expect(said()).toEqual([]);
  act(() => void vi.advanceTimersByTime(3000));
  expect(said()).toEqual(['one two']);
  act(() => void vi.advanceTimersByTime(30_000));
  add('three');
  act(() => void vi.advanceTimersByTime(3000));
  expect(said()).toEqual(['one two', 'three']);
  for (const id of ['four', 'five', 'six']) {
    add(id);
    act(() => void vi.advanceTimersByTime(3000));
  }
  expect(said()).toEqual(['four', 'five', 'six']);
});

it('tells translations where these are read alone', () => {
  const view = render(<Announcer lines={[]} language="en" to="pt" />);
  view.rerender(<Announcer lines={[line('one')]} language="en" to="pt" />);
  act(() => void vi.advanceTimersByTime(3000));
  expect(said()).toEqual(['ONE']);
  expect(screen.getByRole('log').lang).toBe('pt');
});
