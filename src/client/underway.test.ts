import { expect, it } from 'vitest';
import { hasBegun, isAtWork, watchTask, whenQuiet } from './underway.ts';

it('knows whether work was begun and is under way, and waits for its end', async () => {
  await watchTask('listModels', Promise.resolve());
  expect([hasBegun(), isAtWork()]).toEqual([false, false]);
  let finish = (): void => undefined;
  const work = new Promise<void>((resolve) => (finish = resolve));
  const watched = watchTask('translate', work);
  let quiet = false;
  const waiting = whenQuiet().then(() => (quiet = true));
  expect([hasBegun(), isAtWork()]).toEqual([true, true]);
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(quiet).toBe(false);
  finish();
  await watched;
  await waiting;
  expect([quiet, isAtWork()]).toEqual([true, false]);
});
