/** Writes shortlists as Marian does, for tests. */

/** What Marian's binary shortlists begin with. */
const MARIAN_MAGIC = 0xf11a48d5013417f5n;

/** Marian's form of these lists, one a source id. */
export function writeMarianLexicon(first: number, lists: number[][]): Uint8Array {
  const ids = lists.flat();
  let end = 0;
  const offsets = [0, ...lists.map((list) => (end += list.length))];
  const words = BigUint64Array.of(
    MARIAN_MAGIC,
    0n,
    BigInt(first),
    50n,
    BigInt(offsets.length),
    BigInt(ids.length),
    ...offsets.map(BigInt),
  );
  const bytes = new Uint8Array(words.byteLength + 4 * ids.length);
  bytes.set(new Uint8Array(words.buffer));
  bytes.set(new Uint8Array(Uint32Array.from(ids).buffer), words.byteLength);
  return bytes;
}
