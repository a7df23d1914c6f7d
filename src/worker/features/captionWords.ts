import { EngineError } from '../../protocol/errors.ts';
import type { CaptionWord } from '../../protocol/types.ts';

/** The tokens of a captioner: words, and names of several words ("red panda"). */
export class CaptionWords {
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
    this.#ids = new Map(tokens.map((token, id) => [token, id]));
  }

  /** -1 where it is no token. */
  idOf(token: string): number {
    return this.#ids.get(token) ?? -1;
  }

  text(ids: Iterable<number>): string {
    return Array.from(ids, (id) => this.#tokens[id] ?? '').join(' ');
  }

  /**
   * The words of a caption; those of one token share what belongs to it.
   * @param logProbs [ids], of each token
   * @param attention [ids, cells], where the model looked when it said it
   */
  words(ids: Int32Array, logProbs: Float32Array, attention: Float32Array): CaptionWord[] {
    const cells = attention.length / Math.max(1, ids.length);
    return Array.from(ids).flatMap((id, i) =>
      (this.#tokens[id] ?? '').split(' ').map((text) => ({
        text,
        probability: Math.exp(logProbs[i] ?? -Infinity),
        attention: attention.slice(i * cells, (i + 1) * cells),
      })),
    );
  }
}

/**
 * A vocabulary of a token a line.
 * @param size how many the model knows
 * @throws EngineError model-corrupt
 */
export function parseCaptionWords(file: Uint8Array, size: number): CaptionWords {
  const tokens = new TextDecoder().decode(file).replace(/\n$/, '').split('\n');
  if (tokens.length === size) return new CaptionWords(tokens);
  const message = `The vocabulary is damaged: it has ${tokens.length} tokens, not ${size}. Fetch the model again.`;
  throw new EngineError('model-corrupt', message);
}
