import { seededRandom } from '../src/formats/marian.fixture.ts';

/** Random choices that depend on nothing but their seed. */
export class Random {
  readonly #next: () => number;

  constructor(...seed: (number | string)[]) {
    this.#next = seededRandom(hash(seed.join('/')));
  }

  /** An integer from 0 to `end` - 1. */
  below(end: number): number {
    return Math.floor(this.#next() * end);
  }

  /** An integer from `least` to `most`, spread evenly over its number of digits. */
  small(least: number, most: number): number {
    return least + Math.floor((most - least + 1) ** this.#next()) - 1;
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined) throw new RangeError('there is nothing to choose from');
    return chosen;
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
