/** A word of some tokens: `[from, to)` of them. */
export interface TokenWord {
  text: string;
  from: number;
  to: number;
}

/** Belongs to the word after it, and to the word before it: openai/whisper's `prepend_punctuations`, `append_punctuations`. */
const OPENING = /^\s?["'“¿([{-]+$/u;
const CLOSING = /^["'.。,，!！?？:：”)\]}、]+$/u;

/**
 * Which tokens make which word, with its punctuation and the space before it: the texts joined are the text.
 * @param decode - the text of some ids; U+FFFD where a character is not whole
 */
export function spokenWords(ids: Int32Array, decode: (ids: Int32Array) => string): TokenWord[] {
  const words: TokenWord[] = [];
  for (const piece of wholeCharacters(ids, decode)) {
    const last = words.at(-1);
    const begins = !last || /^\s/u.test(piece.text);
    if (last && !OPENING.test(last.text) && (!begins || CLOSING.test(piece.text))) {
      last.text += piece.text;
      last.to = piece.to;
    } else if (last && OPENING.test(last.text) && !begins) {
      last.text += piece.text;
      last.to = piece.to;
    } else {
      words.push({ ...piece });
    }
  }
  return words;
}

/** Tokens, or where a character lies in several of them, those together. */
function wholeCharacters(ids: Int32Array, decode: (ids: Int32Array) => string): TokenWord[] {
  const pieces: TokenWord[] = [];
  let from = 0;
  for (let to = 1; to <= ids.length; to++) {
    const text = decode(ids.subarray(from, to));
    if (text.includes('\uFFFD') && to < ids.length) continue;
    pieces.push({ text, from, to });
    from = to;
  }
  return pieces;
}
