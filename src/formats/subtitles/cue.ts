/** A caption as subtitle files have it. */
export interface Cue {
  startS: number;
  endS: number;
  /** Without markup; its lines are divided by `\n`. */
  text: string;
  /** BCP-47; absent where that is the whole file's. */
  language?: string;
}

/** Text for a subtitle file: no blank lines, which would end the cue, and no space at the ends of lines. */
export function tidyLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
