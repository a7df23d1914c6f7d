import { readFileSync } from 'node:fs';

/** The lines of a UTF-8 file; the newline at its end makes no empty last one. */
export function readLines(path: string): string[] {
  return readFileSync(path, 'utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
}

/** How many words the lines have, by white space: the unit that speed is reported in. */
export function countWords(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.split(/\s+/).filter((word) => word !== '').length, 0);
}
