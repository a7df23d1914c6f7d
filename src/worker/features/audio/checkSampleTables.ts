import { EngineError } from '../../../protocol/errors.ts';

/** Boxes that hold what we look at, however deep. */
const CONTAINERS: readonly string[] = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'moof', 'traf'];
/** How MP4 and MOV files may begin. */
const BEGINNINGS: readonly string[] = ['ftyp', 'styp', 'moov', 'moof', 'mdat', 'free', 'skip', 'wide'];
const HEADER_BYTES = 16;
/** A film's tables have some megabytes; what is larger is no table. */
const LARGEST_BYTES = 256 * 2 ** 20;

/**
 * Looks at the tables of an MP4 or MOV file, where runs of samples are written as their number: mediabunny believes it, and
 * counts to four billion. No file has more samples than bytes. Other files pass unseen.
 * @throws EngineError bad-input
 */
export async function checkSampleTables(file: Blob): Promise<void> {
  for (let at = 0; at + 8 <= file.size;) {
    const header = view(await file.slice(at, at + HEADER_BYTES).arrayBuffer());
    const box = readBox(header, 0, file.size - at);
    if (!box || (at === 0 && !BEGINNINGS.includes(box.type))) return;
    if (CONTAINERS.includes(box.type) && box.size <= LARGEST_BYTES) {
      const whole = view(await file.slice(at, at + box.size).arrayBuffer());
      checkBoxes(whole, 0, whole.byteLength, file.size);
    }
    at += box.size;
  }
}

const view = (buffer: ArrayBuffer): DataView => new DataView(buffer);

/** @param room bytes up to the end of what holds the box, which is where a box of size 0 ends */
function readBox(data: DataView, at: number, room: number): { type: string; content: number; size: number } | null {
  const length = data.byteLength - at;
  if (length < 8) return null;
  const short = data.getUint32(at);
  const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => data.getUint8(at + i)));
  if (short === 1 && length < 16) return null;
  const size = short === 0 ? room : short === 1 ? Number(data.getBigUint64(at + 8)) : short;
  const content = short === 1 ? 16 : 8;
  return size < content ? null : { type, content, size };
}

function checkBoxes(data: DataView, from: number, to: number, most: number): void {
  for (let at = from; at < to;) {
    const box = readBox(data, at, to - at);
    if (!box) return;
    const end = Math.min(to, at + box.size);
    if (CONTAINERS.includes(box.type)) checkBoxes(data, at + box.content, end, most);
    else checkCounts(data, box.type, at + box.content, end, most);
    at += box.size;
  }
}

/** ISO/IEC 14496-12: each of these begins with a version and flags; then come the numbers of entries or samples. */
function checkCounts(data: DataView, type: string, from: number, to: number, most: number): void {
  const check = (count: number): void => {
    if (count > most)
      throw new EngineError(
        'bad-input',
        'This file is damaged: its tables name more pieces of sound than it has bytes.',
      );
  };
  const field = (i: number): number => (from + 4 * i + 4 <= to ? data.getUint32(from + 4 * i) : 0);
  if (type === 'trun') check(field(1));
  if (type === 'stsz') check(field(2));
  // Entries of a count and a value, and of a first chunk, a count and a description.
  const [width, offset] = type === 'stts' || type === 'ctts' ? [2, 0] : type === 'stsc' ? [3, 1] : [0, 0];
  let total = 0;
  for (let i = 2; width > 0 && from + 4 * (i + width) <= to; i += width) {
    const count = field(i + offset);
    total = type === 'stsc' ? Math.max(total, count) : total + count;
  }
  check(total);
}
