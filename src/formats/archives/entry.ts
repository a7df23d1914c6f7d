import { EngineError } from '../../protocol/errors.ts';
import { damagedArchive } from './gunzip.ts';

/** A file in an archive. */
export interface ArchiveEntry {
  /** After its folders. */
  path: string;
  sizeBytes: number;
  /** Its bytes, or the first `most` of them. Throws EngineError model-corrupt. */
  bytes(most?: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Far more than a model has. */
const MOST_ENTRIES = 10_000;
/** Weights hardly pack: what unpacks to more than this is no model, but meant to fill the device. */
const MOST_TIMES_LARGER = 40;
const ALWAYS_ALLOWED_BYTES = 64 * 2 ** 20;
const MOST_BYTES = 8 * 2 ** 30;

/** Counts what an archive holds as it is listed, so that a small file cannot become an endless one. */
export class ArchiveLimits {
  readonly #name: string;
  readonly #mostBytes: number;
  #entries = 0;
  #bytes = 0;

  constructor(name: string, packedBytes: number) {
    this.#name = name;
    this.#mostBytes = Math.min(MOST_BYTES, Math.max(ALWAYS_ALLOWED_BYTES, packedBytes * MOST_TIMES_LARGER));
  }

  /** Takes one more file into account. @throws EngineError model-corrupt or unsupported-model */
  add(path: string, sizeBytes: number): void {
    if (/^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)|\0/i.test(path))
      throw damagedArchive(this.#name, `it holds a file outside its own folder (${path.slice(0, 60)})`);
    this.#entries++;
    this.#bytes += sizeBytes;
    if (this.#entries <= MOST_ENTRIES && this.#bytes <= this.#mostBytes) return;
    throw new EngineError(
      'unsupported-model',
      `${this.#name.slice(0, 80)} unpacks to far more than a model is. Unpack it yourself and choose the model’s files.`,
    );
  }
}
