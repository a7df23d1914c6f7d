import { abortedError, EngineError } from '../protocol/errors.ts';

/** Why there is nothing to listen to or to see. Screens translate it. */
export type CaptureTrouble =
  /** The reader, the browser or the system does not allow it. */
  | 'refused'
  /** There is no such device, or not the one that was chosen. */
  | 'no-device'
  /** Another program holds it, or the system cannot open it. */
  | 'busy'
  /** This browser cannot, or not on a page that is not secure. */
  | 'unsupported'
  /** A tab or screen was shared without its sound. */
  | 'no-sound'
  /** It was unplugged, or sharing was ended. */
  | 'ended';

/** A `bad-input` EngineError that says which trouble it is. */
export class CaptureError extends EngineError {
  readonly trouble: CaptureTrouble;

  constructor(trouble: CaptureTrouble, message: string, cause?: unknown) {
    super('bad-input', message, cause === undefined ? {} : { cause });
    this.trouble = trouble;
  }
}

/** What the browser's refusal of a microphone or a camera means. */
export function deviceError(error: unknown, device: 'microphone' | 'camera'): EngineError {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return new CaptureError(
        'refused',
        `The ${device} was refused: allow it in the browser’s address bar, then start again.`,
        error,
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new CaptureError('no-device', `There is no such ${device}: plug one in, or choose another.`, error);
    case 'NotReadableError':
    case 'AbortError':
      return new CaptureError(
        'busy',
        `The ${device} cannot be opened: another program may be using it. Close that one, then start again.`,
        error,
      );
    default:
      return unsupported(device, error);
  }
}

/** What the browser's refusal to share a tab or a screen means. */
export function tabAudioError(error: unknown): EngineError {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
      // Browsers do not tell a dialogue that was closed from a policy: the reader knows which it was.
      return abortedError();
    case 'NotFoundError':
    case 'NotReadableError':
    case 'AbortError':
      return new CaptureError('busy', 'The browser could not share this tab or screen: choose another.', error);
    default:
      return unsupported('sound of a tab', error);
  }
}

function unsupported(what: string, cause: unknown): CaptureError {
  const why = globalThis.isSecureContext ? 'this browser cannot give it' : 'browsers give it to pages over https only';
  return new CaptureError('unsupported', `The ${what} cannot be used here: ${why}.`, cause);
}
