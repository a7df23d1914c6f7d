import { EngineError, type ErrorCode } from '../protocol/errors.ts';
import type { ListenEvent } from '../protocol/messages.ts';
import type { Segment, Word } from '../protocol/types.ts';

/** After these, a new worker goes on where the old one was. */
const LOST_CODES: readonly ErrorCode[] = ['worker-crashed', 'device-lost', 'out-of-memory', 'internal'];
/** So many in a row, with nothing heard in between, end the session. */
export const MOST_LOSSES = 3;

/** Whether an error is that of a worker that is gone, or no good any more. */
export function isLoss({ code }: EngineError): boolean {
  return LOST_CODES.includes(code);
}

/** What was sure of a phrase whose worker was lost; null where that is nothing. */
export function stableSegment(stable: readonly Word[], language: string, withWords: boolean): Segment | null {
  const [first] = stable;
  const last = stable.at(-1);
  if (!first || !last) return null;
  const words = stable.map((word, i) => (i === 0 ? { ...word, text: word.text.trimStart() } : word));
  return {
    startS: first.startS,
    endS: last.endS,
    text: words.map(({ text }) => text).join(''),
    language,
    ...(withWords ? { words } : {}),
  };
}

/** The event with its times counted from another beginning. */
export function movedBy(seconds: number, event: ListenEvent): ListenEvent {
  const moved = <T extends { startS: number; endS: number }>(part: T): T => {
    return { ...part, startS: part.startS + seconds, endS: part.endS + seconds };
  };
  switch (event.type) {
    case 'stable':
      return { ...event, words: event.words.map(moved) };
    case 'phrase': {
      const { words, ...segment } = moved(event.segment);
      return {
        ...event,
        segment: { ...segment, ...(words ? { words: words.map(moved) } : {}) },
        spokenEndS: event.spokenEndS + seconds,
      };
    }
    case 'heard':
      return { ...event, untilS: event.untilS + seconds };
    default:
      return event;
  }
}

/** A worker was lost and another one goes on: which sound could not be heard again. */
export class RestartedError extends EngineError {
  readonly lost: { fromS: number; seconds: number } | null;

  /**
   * @param wantedS - from when on the sound had to be heard again
   * @param fromS - from when on it was still known
   */
  constructor(cause: EngineError, wantedS: number, fromS: number) {
    const seconds = Math.round(fromS - wantedS);
    const lost = seconds > 0 ? `${seconds} seconds after second ${Math.round(wantedS)} are lost` : 'Nothing is lost';
    super(cause.code, `The speech model stopped unexpectedly and is being started again. ${lost}.`, { cause });
    this.lost = seconds > 0 ? { fromS: wantedS, seconds } : null;
  }
}
