import type { CharsMap, SentencePieceModel } from '../../formats/sentencepiece.ts';
import { PieceTrie } from './pieceTrie.ts';

/** U+2581, which stands for a space inside pieces. */
export const SPACE_SYMBOL = '\u2581';

const SPACE = 0x20;
const REPLACEMENT_CHARACTER = 0xfffd;

/** A text after normalisation. */
export interface NormalisedText {
  /** UTF-16 code units, `length` of them valid. */
  units: Uint16Array;
  /** Where each unit came from: its UTF-16 offset in the original text; one more than `length`, the last is the end. */
  origins: Int32Array;
  length: number;
}

/** Gives another spelling for a character that the vocabulary lacks, or undefined to keep it. */
export type Substitute = (character: string) => string | undefined;

/** Reads one code point; a lone surrogate counts as U+FFFD, as it would after encoding to UTF-8. */
function codePointAt(text: string, at: number): number {
  const codePoint = text.codePointAt(at) ?? 0;
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? REPLACEMENT_CHARACTER : codePoint;
}

/**
 * The Darts-clone double array (github.com/s-yata/darts-clone, include/darts.h): a unit packs a label, whether a value
 * hangs below, and the offset of its children. Indices are checked, because the file is not trusted.
 */
class CharsMapMatcher {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #cache = new Map<number, string>();
  /** ASCII characters that no rule touches when another ASCII character (or the end) follows. */
  readonly plainAscii = new Uint8Array(128);
  /** Of the last match: UTF-16 units consumed (0: no rule) and the replacement. */
  matchedUnits = 0;
  replacement = '';

  constructor(map: CharsMap) {
    this.#units = map.units;
    this.#replacements = map.replacements;
    for (let first = 0; first < 128; first++) {
      const node = this.#step(this.#root(), first);
      let plain = node < 0 || !this.#hasValue(node);
      for (let second = 0; plain && node >= 0 && second < 128; second++) {
        plain = this.#step(this.#children(node), second) < 0;
      }
      this.plainAscii[first] = plain ? 1 : 0;
    }
  }

  /** Finds the longest rule at `at`; the result is in `matchedUnits` and `replacement`. */
  match(text: string, at: number): void {
    this.matchedUnits = 0;
    let children = this.#root();
    let value = -1;
    for (let i = at; i < text.length;) {
      const codePoint = codePointAt(text, i);
      let node: number;
      if (codePoint < 0x80) node = this.#step(children, codePoint);
      else {
        if (codePoint < 0x800) node = this.#step(children, 0xc0 | (codePoint >> 6));
        else {
          if (codePoint < 0x10000) node = this.#step(children, 0xe0 | (codePoint >> 12));
          else {
            node = this.#step(children, 0xf0 | (codePoint >> 18));
            if (node >= 0) node = this.#step(this.#children(node), 0x80 | ((codePoint >> 12) & 63));
          }
          if (node >= 0) node = this.#step(this.#children(node), 0x80 | ((codePoint >> 6) & 63));
        }
        if (node >= 0) node = this.#step(this.#children(node), 0x80 | (codePoint & 63));
      }
      if (node < 0) break;
      i += codePoint < 0x10000 ? 1 : 2;
      children = this.#children(node);
      if (this.#hasValue(node)) {
        value = (this.#units[children] ?? 0) & 0x7fffffff;
        this.matchedUnits = i - at;
      }
    }
    if (this.matchedUnits > 0) this.replacement = this.#read(value);
  }

  /** The index that children of the root are counted from. */
  #root(): number {
    return this.#children(0);
  }

  #children(node: number): number {
    const unit = this.#units[node] ?? 0;
    return node ^ ((unit >>> 10) << ((unit & 0x200) >>> 6));
  }

  #step(children: number, label: number): number {
    const node = children ^ label;
    const unit = this.#units[node];
    return unit !== undefined && (unit & 0x800000ff) === label ? node : -1;
  }

  #hasValue(node: number): boolean {
    return (((this.#units[node] ?? 0) >>> 8) & 1) === 1;
  }

  #read(offset: number): string {
    let text = this.#cache.get(offset);
    if (text === undefined) {
      const end = this.#replacements.indexOf(0, offset);
      text = new TextDecoder().decode(this.#replacements.subarray(offset, Math.max(offset, end)));
      this.#cache.set(offset, text);
    }
    return text;
  }
}

/**
 * SentencePiece's text normalisation (normalizer.cc, Normalizer::Normalize): the longest rule at each place, user-defined
 * symbols left alone, and the whitespace rules; keeps where each unit came from.
 */
export class Normaliser {
  readonly #model: SentencePieceModel;
  readonly #rules: CharsMapMatcher | null;
  readonly #userDefined: PieceTrie | null;
  readonly #substitutes = new Map<number, string | undefined>();
  readonly #substitute: Substitute | undefined;
  readonly #space: string;
  #units = new Uint16Array(1024);
  #origins = new Int32Array(1025);
  #length = 0;

  /** @param substitute - an addition to SentencePiece, asked once for each distinct non-ASCII character. */
  constructor(model: SentencePieceModel, substitute?: Substitute) {
    this.#model = model;
    this.#rules = model.normalizer.charsMap === null ? null : new CharsMapMatcher(model.normalizer.charsMap);
    const symbols = model.pieces.filter((piece) => piece.type === 'user-defined');
    this.#userDefined = symbols.length === 0 ? null : PieceTrie.of(symbols.map(({ text }, i) => [text, i]));
    this.#substitute = substitute;
    this.#space = model.normalizer.escapeWhitespaces ? SPACE_SYMBOL : ' ';
  }

  /** The result is valid until the next call: its arrays are used again. */
  normalise(text: string): NormalisedText {
    const { addDummyPrefix, removeExtraWhitespaces } = this.#model.normalizer;
    const asSuffix = this.#model.treatWhitespaceAsSuffix;
    this.#length = 0;
    let at = 0;
    if (removeExtraWhitespaces) {
      while (at < text.length) {
        const length = this.#prefix(text, at);
        if (this.#replacement !== ' ') break;
        at += length;
      }
    }
    if (at === text.length) return this.#finish(at);

    if (addDummyPrefix && !asSuffix) this.#push(this.#space, at);
    let afterSpace = removeExtraWhitespaces;
    const plain = this.#rules?.plainAscii;
    while (at < text.length) {
      const unit = text.charCodeAt(at);
      // Nearly every character of Latin text is ASCII that no rule touches.
      if (unit > SPACE && unit < 128 && this.#userDefined === null && (plain === undefined || plain[unit] === 1)) {
        const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
        if (next < 128) {
          this.#pushUnit(unit, at++);
          afterSpace = false;
          continue;
        }
      }
      const length = this.#prefix(text, at);
      let replacement = this.#replacement;
      if (afterSpace) replacement = replacement.replace(/^ +/, '');
      if (replacement !== '') {
        for (let i = 0; i < replacement.length; i++) {
          const out = replacement.charCodeAt(i);
          if (out === SPACE) this.#push(this.#space, at);
          else this.#pushUnit(out, at);
        }
        afterSpace = removeExtraWhitespaces && replacement.endsWith(' ');
      }
      at += length;
    }
    let end = at;
    if (removeExtraWhitespaces) {
      const space = this.#space.charCodeAt(0);
      while (this.#length > 0 && this.#units[this.#length - 1] === space) end = this.#origins[--this.#length] ?? end;
    }
    if (addDummyPrefix && asSuffix) this.#push(this.#space, end);
    return this.#finish(end);
  }

  #replacement = '';

  /** Normalises what stands at `at` into `#replacement`; gives how many UTF-16 units that consumed. */
  #prefix(text: string, at: number): number {
    if (this.#userDefined !== null) {
      const length = this.#userDefined.longestPrefix(text, at);
      if (length > 0) {
        this.#replacement = text.slice(at, at + length);
        return length;
      }
    }
    let consumed = 0;
    if (this.#rules !== null) {
      this.#rules.match(text, at);
      consumed = this.#rules.matchedUnits;
      this.#replacement = this.#rules.replacement;
    }
    if (consumed === 0) {
      const codePoint = codePointAt(text, at);
      this.#replacement = String.fromCodePoint(codePoint);
      consumed = this.#replacement.length;
    }
    if (this.#substitute !== undefined) this.#replacement = this.#substituted(this.#replacement, this.#substitute);
    return consumed;
  }

  #substituted(text: string, substitute: Substitute): string {
    let out = '';
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      if (codePoint < 128) out += character;
      else {
        if (!this.#substitutes.has(codePoint)) this.#substitutes.set(codePoint, substitute(character));
        out += this.#substitutes.get(codePoint) ?? character;
      }
    }
    return out;
  }

  #push(text: string, origin: number): void {
    for (let i = 0; i < text.length; i++) this.#pushUnit(text.charCodeAt(i), origin);
  }

  #pushUnit(unit: number, origin: number): void {
    if (this.#length === this.#units.length) {
      const units = new Uint16Array(this.#length * 2);
      units.set(this.#units);
      this.#units = units;
      const origins = new Int32Array(this.#length * 2 + 1);
      origins.set(this.#origins);
      this.#origins = origins;
    }
    this.#units[this.#length] = unit;
    this.#origins[this.#length++] = origin;
  }

  #finish(end: number): NormalisedText {
    this.#origins[this.#length] = end;
    return { units: this.#units, origins: this.#origins, length: this.#length };
  }
}
