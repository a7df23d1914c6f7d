/**
 * A text cut into its lines, the unit that is translated and remembered: an edit sends only the lines it touched. A line is
 * a safe place to cut because no sentence goes on behind a line break.
 */
export interface Line {
  text: string;
  /** Where it starts in the whole text. */
  start: number;
  /** The line break behind it, as it stands in the text; empty at the end. */
  end: string;
}

export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    lines.push({ text: text.slice(start, match.index), start, end: match[0] });
    start = match.index + match[0].length;
  }
  lines.push({ text: text.slice(start), start, end: '' });
  return lines;
}

export const isBlank = (text: string): boolean => text.trim() === '';
