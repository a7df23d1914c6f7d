import type { Picture } from '../../library/pictureTypes.ts';

/** Of 64: up to here two pictures are taken for one that was scaled, recompressed or slightly changed. */
const NEAR_BITS = 5;
/** How far the ratios of two such pictures' sides may be apart. */
const NEAR_RATIO = 0.05;

export interface Duplicate {
  /** The earlier picture. */
  of: Picture;
  /** Whether the files are the same, byte for byte; otherwise they look alike. */
  exact: boolean;
}

/** The pictures that an earlier one of the same album equals or resembles. */
export function findDuplicates(pictures: readonly Picture[]): Map<string, Duplicate> {
  const found = new Map<string, Duplicate>();
  const bySha = new Map<string, Picture>();
  const seen: { picture: Picture; bits: [number, number]; ratio: number }[] = [];
  for (const picture of pictures) {
    const { sha256, look, size, id } = picture;
    const same = sha256 === undefined ? undefined : bySha.get(sha256);
    if (same) found.set(id, { of: same, exact: true });
    else if (sha256 !== undefined) bySha.set(sha256, picture);
    if (same || look === undefined || size === undefined) continue;
    const bits: [number, number] = [Number.parseInt(look.slice(0, 8), 16), Number.parseInt(look.slice(8), 16)];
    const ratio = Math.log(size.width / size.height);
    const near = seen.find(
      (other) =>
        Math.abs(other.ratio - ratio) <= NEAR_RATIO &&
        ones(other.bits[0] ^ bits[0]) + ones(other.bits[1] ^ bits[1]) <= NEAR_BITS,
    );
    if (near) found.set(id, { of: near.picture, exact: false });
    else seen.push({ picture, bits, ratio });
  }
  return found;
}

/** How many bits of a 32-bit number are set. */
function ones(bits: number): number {
  let count = 0;
  for (let left = bits >>> 0; left !== 0; left &= left - 1) count++;
  return count;
}
