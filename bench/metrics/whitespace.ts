/**
 * What Python's `str.split()` and `str.rstrip()` take for white space. JavaScript's `\s` differs: it has U+FEFF, and lacks
 * U+001C..U+001F and U+0085. sacrebleu's scores rest on Python's reading.
 */
const PYTHON_SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const SPACES = new RegExp(PYTHON_SPACE, 'u');
const TRAILING_SPACES = new RegExp(`${PYTHON_SPACE}$`, 'u');

/** The words of a line, without empty ones. */
export function splitWords(line: string): string[] {
  return line.split(SPACES).filter((word) => word !== '');
}

/** The line without white space at its end. */
export function trimEnd(line: string): string {
  return line.replace(TRAILING_SPACES, '');
}
