/** Above this a text is not edited but translated as a file. UTF-16 units. */
export const EDITABLE_LENGTH = 300_000;
/** Above this a file is refused: it would be a day's work. */
const LARGEST_BYTES = 20 * 2 ** 20;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export type FileReading =
  | { ok: true; name: string; text: string; encoding: Encoding }
  | { ok: false; name: string; reason: 'kind' | 'size' | 'binary' | 'empty' | 'unreadable' };

/** Some programs give a text another name, or none: its type says what it is, too. */
export const isTextFile = ({ name, type }: File): boolean =>
  /\.(txt|md|markdown|text)$/i.test(name) || /^text\/(plain|markdown)\b/.test(type);

/** Reads a plain text or Markdown file. */
export async function readTextFile(file: File): Promise<FileReading> {
  const { name } = file;
  if (!isTextFile(file)) return { ok: false, name, reason: 'kind' };
  if (file.size > LARGEST_BYTES) return { ok: false, name, reason: 'size' };
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { ok: false, name, reason: 'unreadable' };
  }
  const { text, encoding } = decodeText(bytes);
  if (text.includes('\0')) return { ok: false, name, reason: 'binary' };
  if (text.trim() === '') return { ok: false, name, reason: 'empty' };
  return { ok: true, name, text, encoding };
}

/**
 * UTF-8 and UTF-16 are recognised; anything else is read as Windows-1252, which old Western European files are in, and says
 * so in `encoding`.
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  if (marked) return { text: new TextDecoder(marked).decode(bytes), encoding: marked };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}

/** `notes.md` translated into Portuguese is `notes.pt.md`; without a name, `translation.pt.txt`. */
export function outputName(sourceName: string | null, language: string): string {
  if (sourceName === null) return `translation.${language}.txt`;
  const dot = sourceName.lastIndexOf('.');
  return `${sourceName.slice(0, dot)}.${language}${sourceName.slice(dot)}`;
}
