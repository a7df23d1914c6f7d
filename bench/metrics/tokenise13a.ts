import { splitWords } from './whitespace.ts';

/** The punctuation that stands alone; a full stop, a comma, a hyphen and an apostrophe do so only by the rules below. */
const SYMBOLS = /([{-~[-` -&(-+:-@/])/gu;
const STOP_NOT_AFTER_DIGIT = /([^0-9])([.,])/gu;
const STOP_NOT_BEFORE_DIGIT = /([.,])([^0-9])/gu;
const DASH_AFTER_DIGIT = /([0-9])(-)/gu;

/**
 * Tokens of a line as the WMT scoring script mteval-v13a makes them, in sacrebleu's reading of it (its tokenizer `13a`).
 * The rules run one after another over the padded line, as the script's substitutions do.
 */
export function tokenise13a(line: string): string[] {
  const plain = line
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return splitWords(
    ` ${plain} `
      .replace(SYMBOLS, ' $1 ')
      .replace(STOP_NOT_AFTER_DIGIT, '$1 $2 ')
      .replace(STOP_NOT_BEFORE_DIGIT, ' $1 $2')
      .replace(DASH_AFTER_DIGIT, '$1 $2 '),
  );
}
