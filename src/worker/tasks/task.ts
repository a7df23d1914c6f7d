import type { TaskName, Tasks } from '../../protocol/messages.ts';
import type { Progress } from '../../protocol/types.ts';

/** What the dispatcher gives a running task. */
export interface TaskContext<K extends TaskName> {
  signal: AbortSignal;
  progress: (p: Progress) => void;
  emit: (event: Tasks[K]['event']) => void;
}

/** A task: input in, result out; everything it says on the way goes through the context. Rejects with an EngineError. */
export type Task<K extends TaskName> = (
  input: Tasks[K]['input'],
  context: TaskContext<K>,
) => Promise<Tasks[K]['output']>;
