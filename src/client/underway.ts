import type { TaskName } from '../protocol/messages.ts';

/** These only look: nothing of the reader's is lost with them. */
const LOOKING: readonly TaskName[] = ['listModels', 'describeDevice', 'detectLanguage', 'warmUp', 'testProviders'];

let running = 0;
let begun = false;

/** Counts a task of the engine for as long as it runs. */
export function watchTask<T>(task: TaskName, work: Promise<T>): Promise<T> {
  if (LOOKING.includes(task)) return work;
  begun = true;
  running++;
  return work.finally(() => running--);
}

/** Whether any work was begun on this page: then it must not be reloaded by itself. */
export const hasBegun = (): boolean => begun;

/** Between two pictures or sentences nothing runs for a moment, and what was made is written soon after. */
const QUIET_MS = 1000;
const LOOK_MS = 100;

/** Resolves when the engine has been at rest for a second, in which what it made was kept. */
export async function whenQuiet(): Promise<void> {
  for (let quietMs = 0; quietMs < QUIET_MS; quietMs = running > 0 ? 0 : quietMs + LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Whether the engine is at work for the reader. */
export const isAtWork = (): boolean => running > 0;
