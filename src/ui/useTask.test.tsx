// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it } from 'vitest';
import { abortedError, EngineError } from '../protocol/errors.ts';
import { fakeGlossa } from './fakeGlossa.fixture.ts';
import { GlossaContext, type Job, type Task, useTask } from './useTask.ts';

const wrapper = ({ children }: { children: ReactNode }) => (
  <GlossaContext value={fakeGlossa()}>{children}</GlossaContext>
);
const render = (): { current: Task } => renderHook(() => useTask(), { wrapper }).result;

/** A job that never ends by itself, and rejects when it is aborted, as the engine does. */
const endless: Job<never> = (_, { signal }) =>
  new Promise((_done, failed) => {
    signal.addEventListener('abort', () => failed(abortedError()));
  });

it('runs a job and reports its progress and its value', async () => {
  const task = render();
  const outcome = await act(() =>
    task.current.run((_, { onProgress }) => {
      onProgress({ stage: 'decode', done: 1, total: 2, unit: 'items' });
      return Promise.resolve('value');
    }),
  );
  expect(outcome).toEqual({ state: 'done', value: 'value' });
  expect(task.current).toMatchObject({ running: false, progress: null, failure: null });
});

it('lets the latest win: the job before it is aborted and says so', async () => {
  const task = render();
  let outcomes: unknown[] = [];
  await act(async () => {
    const running = [task.current.run(endless), task.current.run(() => Promise.resolve(2))];
    outcomes = await Promise.all(running);
  });
  expect(outcomes).toEqual([{ state: 'superseded' }, { state: 'done', value: 2 }]);
  expect(task.current.running).toBe(false);
});

it('is not a failure to be stopped', async () => {
  const task = render();
  let outcome: unknown;
  await act(async () => {
    const running = task.current.run(endless);
    task.current.stop();
    outcome = await running;
  });
  expect(outcome).toEqual({ state: 'stopped' });
  expect(task.current.failure).toBeNull();
});

it('tells why a job failed, and forgets it with the next run', async () => {
  const task = render();
  await act(() => task.current.run(() => Promise.reject(new EngineError('quota-exceeded', 'Full.'))));
  expect(task.current.failure).toEqual({ code: 'quota-exceeded', message: 'Full.' });
  await act(() => task.current.run(() => Promise.reject(new TypeError('bug'))));
  expect(task.current.failure).toEqual({ code: 'internal', message: 'bug' });
  await act(() => task.current.run(() => Promise.resolve()));
  expect(task.current.failure).toBeNull();
});

it('stops its job when the screen goes', async () => {
  let signal: AbortSignal | undefined;
  const { result, unmount } = renderHook(() => useTask(), { wrapper });
  act(() => {
    void result.current.run((glossa, options) => {
      signal = options.signal;
      return endless(glossa, options);
    });
  });
  unmount();
  await Promise.resolve();
  expect(signal?.aborted).toBe(true);
});
