/** The closed set of reasons a call can fail for. Screens translate them; scripts branch on them. */
export const ERROR_CODES = [
  'aborted',
  'bad-input',
  'unsupported-language',
  'unsupported-model',
  'model-missing',
  'model-corrupt',
  'download-failed',
  'source-off',
  'not-found',
  'access-denied',
  'not-a-model',
  'host-unreachable',
  'quota-exceeded',
  'out-of-memory',
  'device-lost',
  'worker-crashed',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What a model needs to be kept, and what the browser has left for it: how much the reader has to delete. */
export interface Shortage {
  neededBytes: number;
  freeBytes: number;
}

/** An error as it crosses between threads: plain data, rebuilt by `fromWire`. */
export interface WireError {
  code: ErrorCode;
  message: string;
  stack?: string;
  partial?: unknown;
  shortage?: Shortage;
}

/**
 * The only error the public API rejects with. `message` is a sentence that says what is wrong and what to do.
 * `partial` carries what a long job had finished, `shortage` how much room a `quota-exceeded` is about, where that is known.
 * An abort has `name: 'AbortError'`, as `fetch` has.
 */
export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly partial?: unknown;
  readonly shortage?: Shortage;

  constructor(
    code: ErrorCode,
    message: string,
    options: { partial?: unknown; cause?: unknown; shortage?: Shortage | undefined } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = code === 'aborted' ? 'AbortError' : 'EngineError';
    this.code = code;
    if (options.partial !== undefined) this.partial = options.partial;
    if (options.shortage !== undefined) this.shortage = options.shortage;
  }
}

/** The error of a call whose signal was aborted. */
export function abortedError(partial?: unknown): EngineError {
  return new EngineError('aborted', 'Stopped.', { partial });
}

/** What every async step does before a stage and between runs. Throws the abort error of a signal that was aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortedError();
}

/** Any thrown value as plain data that `postMessage` accepts; what is not an EngineError becomes `internal`. */
export function toWire(error: unknown): WireError {
  if (error instanceof EngineError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.stack === undefined ? {} : { stack: error.stack }),
      ...(error.partial === undefined ? {} : { partial: error.partial }),
      ...(error.shortage === undefined ? {} : { shortage: error.shortage }),
    };
  }
  if (error instanceof Error) {
    if (error.name === 'AbortError') return { code: 'aborted', message: 'Stopped.' };
    return { code: 'internal', message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
  }
  return { code: 'internal', message: String(error) };
}

/** The inverse of `toWire`. Keeps the worker's stack, so that a report shows where it happened. */
export function fromWire(wire: WireError): EngineError {
  const error = new EngineError(wire.code, wire.message, { partial: wire.partial, shortage: wire.shortage });
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

/** Any thrown value as the error that the public API speaks in. */
export function toEngineError(error: unknown): EngineError {
  return error instanceof EngineError ? error : fromWire(toWire(error));
}
