import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import type { Glossa } from '../client/engine.ts';
import { EngineError, type ErrorCode, type Shortage } from '../protocol/errors.ts';
import type { Progress } from '../protocol/types.ts';

/** The engine, given at the top of the tree; tests give another. */
export const GlossaContext = createContext<Glossa | null>(null);

/** Why a job failed: a code to translate by, and the engine's own sentence. */
export interface Failure {
  code: ErrorCode;
  message: string;
  /** How much room is missing, where that is why and it is known. */
  shortage?: Shortage;
}

export interface JobOptions {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

export type Job<T> = (glossa: Glossa, options: JobOptions) => Promise<T>;

/** How a run ended. `superseded`: a newer run took its place, whose end is the one that counts. */
export type Outcome<T> =
  { state: 'done'; value: T } | { state: 'stopped' | 'superseded' } | { state: 'failed'; failure: Failure };

interface TaskState {
  running: boolean;
  progress: Progress | null;
  failure: Failure | null;
}

export interface Task extends TaskState {
  /** Starts a job; one still running is aborted, and only the latest changes the state. Never rejects. */
  run: <T>(job: Job<T>) => Promise<Outcome<T>>;
  stop: () => void;
}

const IDLE: TaskState = { running: false, progress: null, failure: null };

/** The engine that was given at the top of the tree. */
export function useGlossa(): Glossa {
  const glossa = useContext(GlossaContext);
  if (!glossa) throw new Error('The engine needs a GlossaContext above its users.');
  return glossa;
}

/** The only way from a screen to the engine: one job at a time, latest wins, stopped when the screen goes. */
export function useTask(): Task {
  const glossa = useGlossa();
  const latest = useRef<AbortController | null>(null);
  const [state, setState] = useState<TaskState>(IDLE);

  const stop = useCallback(() => latest.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const run = useCallback(
    async <T>(job: Job<T>): Promise<Outcome<T>> => {
      latest.current?.abort();
      const controller = new AbortController();
      latest.current = controller;
      const { signal } = controller;
      const settle = (next: TaskState, outcome: Outcome<T>): Outcome<T> => {
        if (latest.current !== controller) return { state: 'superseded' };
        latest.current = null;
        setState(next);
        return outcome;
      };
      setState({ running: true, progress: null, failure: null });
      try {
        const value = await job(glossa, {
          signal,
          onProgress: (progress) => {
            if (!signal.aborted) setState({ running: true, progress, failure: null });
          },
        });
        return settle(IDLE, { state: 'done', value });
      } catch (error) {
        if (signal.aborted) return settle(IDLE, { state: 'stopped' });
        const failure = toFailure(error);
        return settle({ ...IDLE, failure }, { state: 'failed', failure });
      }
    },
    [glossa],
  );

  return { ...state, run, stop };
}

/** Any thrown value as what a screen can tell. */
export function toFailure(error: unknown): Failure {
  if (error instanceof EngineError) {
    const { code, message, shortage } = error;
    return { code, message, ...(shortage && { shortage }) };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
