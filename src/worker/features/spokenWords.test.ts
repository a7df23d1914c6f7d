import { describe, expect, it } from 'vitest';
import { spokenWords } from './spokenWords.ts';

/** Token n is the nth of these; a character in bytes is given as its parts. */
function words(...tokens: (string | Uint8Array)[]): string[] {
  const encoder = new TextEncoder();
  const decode = (ids: Int32Array): string =>
    new TextDecoder().decode(
      Uint8Array.from(
        [...ids].flatMap((id) => [...(typeof tokens[id] === 'string' ? encoder.encode(tokens[id]) : tokens[id]!)]),
      ),
    );
  const found = spokenWords(Int32Array.from(tokens.keys()), decode);
  expect(found.map(({ from }) => from)).toEqual([0, ...found.slice(0, -1).map(({ to }) => to)]);
  expect(found.at(-1)?.to).toBe(tokens.length);
  return found.map(({ text }) => text);
}

describe('spokenWords', () => {
  it('begins a word at a space, and keeps punctuation with its word', () => {
    expect(words(' It', ' was', ' tw', 'enty', '-', 'one', ',', ' not', ' (', 'as', ' said', ')', '.')).toEqual([
      ' It',
      ' was',
      ' twenty-one,',
      ' not',
      ' (as',
      ' said).',
    ]);
  });

  it('keeps an opening quote with the word after it', () => {
    expect(words(' "', 'No', ',"', ' he', ' said')).toEqual([' "No,"', ' he', ' said']);
  });

  it('does not cut a character that lies in several tokens', () => {
    const [first, second] = [new TextEncoder().encode('é').slice(0, 1), new TextEncoder().encode('é').slice(1)];
    expect(words(' caf', first, second, ' x')).toEqual([' café', ' x']);
  });

  it('gives nothing for nothing', () => {
    expect(spokenWords(new Int32Array(), () => '')).toEqual([]);
  });
});
