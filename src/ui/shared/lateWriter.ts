/** Changes that come one after the other are written together, this much after the first. */
const LATE_MS = 300;

/** Writes what changed: soon, or at once; one write after the other. */
export class LateWriter {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #write: () => Promise<void>;
  readonly #onTrouble: (writing: Promise<void>) => void;

  /** `onTrouble` is given every write that nobody waits for: it tells the reader of one that fails. */
  constructor(write: () => Promise<void>, onTrouble: (writing: Promise<void>) => void) {
    this.#write = write;
    this.#onTrouble = onTrouble;
  }

  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), LATE_MS);
  }

  now(): void {
    this.#onTrouble(this.write());
  }

  /** Resolves when everything until now is written. */
  write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const writing = this.#writing.then(this.#write);
    // One failed write must not stop those after it.
    this.#writing = writing.catch(() => undefined);
    return writing;
  }
}
