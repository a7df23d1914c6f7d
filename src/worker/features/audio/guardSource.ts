import type { Source } from 'mediabunny';

/** So many places of a file are remembered, */
const MOST_PLACES = 1024;
/** and nobody has a reason to read so often where he has read already, and nowhere else between. */
const MOST_REPEATS = 20_000;

/**
 * The same source, but one that ends a reader which goes round in circles. mediabunny 1.61 does so in damaged files (Matroska
 * that ends in something else, ADTS frames without a length), and nothing else could stop it: it does not let go of the thread.
 */
export function guardSource<T extends Source>(source: T): T {
  // All its reads, those of bytes that it has already among them, go through this method.
  const read: unknown = Reflect.get(source, '_read');
  if (typeof read !== 'function') throw new TypeError('This version of mediabunny reads in another way.');
  const places = new Set<number>();
  let repeats = 0;
  Reflect.set(source, '_read', (start: number, ...rest: unknown[]): unknown => {
    if (places.has(start)) repeats++;
    else {
      if (places.size === MOST_PLACES) places.clear();
      places.add(start);
      repeats = 0;
    }
    if (repeats > MOST_REPEATS) throw new Error('The same bytes are read for ever.');
    const answer: unknown = Reflect.apply(read, source, [start, ...rest]);
    return answer;
  });
  return source;
}
