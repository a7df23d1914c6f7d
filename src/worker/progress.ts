import type { Progress } from '../protocol/types.ts';

/** Progress goes out about ten times a second: more is not seen, and every message costs the page a task. */
const INTERVAL_MS = 100;

/**
 * What a job says of its progress, made fit to show: within a stage `done` never decreases and `total` stays as it was
 * first given, a stage that is over has been full, and the last value of a stage is never lost to the throttle.
 */
export class ProgressReporter {
  readonly #send: (progress: Progress) => void;
  #last: Progress | undefined;
  #unsent = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (progress: Progress) => void) {
    this.#send = send;
  }

  readonly report = (progress: Progress): void => {
    if (progress.stage !== this.#last?.stage) {
      this.finish();
      this.#last = { ...progress, done: Math.min(progress.done, progress.total) };
    } else {
      const { done, total } = this.#last;
      this.#last = { ...progress, total, done: Math.min(Math.max(done, progress.done), total) };
    }
    this.#unsent = true;
    if (this.#timer === undefined) this.#flush();
  };

  /** The stage went well: what it said last goes out, full. */
  finish(): void {
    if (this.#last && this.#last.done < this.#last.total) {
      this.#last = { ...this.#last, done: this.#last.total };
      this.#unsent = true;
    }
    this.stop();
    if (this.#last && this.#unsent) this.#send(this.#last);
    this.#unsent = false;
  }

  /** Nothing goes out any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    if (!this.#last || !this.#unsent) return;
    this.#unsent = false;
    this.#timer = setTimeout(() => this.#flush(), INTERVAL_MS);
    this.#send(this.#last);
  }
}
