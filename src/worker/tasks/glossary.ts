import type { Range } from '../../protocol/types.ts';
import type { Edit } from '../features/edits.ts';
import { SPACE_SYMBOL } from '../features/normaliser.ts';
import type { Tokeniser } from '../features/tokeniser.ts';
import {
  LETTER_FIRST,
  LETTER_LAST,
  STARTS_WORD,
  type PieceKinds,
  type Placement,
  type Term,
} from '../seq2seq/steering.ts';

/** What must stand in the target for a stretch of the source. */
export interface WantedTerm {
  /** UTF-16 range in the source sentence. */
  range: Range;
  /** As the user gave it. */
  target: string;
  /** How it may be written: as given, capitalised, in capitals. */
  spellings: string[];
  /** How else it may be written at the start of the sentence. */
  initialSpellings: string[];
}

interface Entry {
  target: string;
  /** Lower-case source, for a quick look before the pattern is tried. */
  key: string;
  pattern: RegExp;
  startsLower: boolean;
}

/** A target of invisible characters alone could not be said. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A glossary made ready to be looked up in many sentences. Longer terms win over shorter ones, earlier entries over later ones. */
export class Glossary {
  readonly #entries: Entry[];

  constructor(pairs: readonly (readonly [source: string, target: string])[]) {
    this.#entries = pairs
      .map(([source, target]): [string, string] => [source.trim().replace(/\s+/gu, ' '), target.trim()])
      .filter(([source, target]) => source !== '' && VISIBLE.test(target))
      .sort(([a], [b]) => b.length - a.length)
      .map(([source, target]) => ({
        target,
        key: source.toLowerCase().split(' ')[0] ?? '',
        pattern: new RegExp(wholeWords(source), 'giu'),
        startsLower: startsLower(source),
      }));
  }

  /** The terms of a sentence in source order; no two overlap. */
  find(sentence: string): WantedTerm[] {
    const lower = sentence.toLowerCase();
    const found: WantedTerm[] = [];
    for (const { target, key, pattern, startsLower: lowerSource } of this.#entries) {
      if (!lower.includes(key)) continue;
      for (const { 0: match, index } of sentence.matchAll(pattern)) {
        const range: Range = [index, index + match.length];
        if (found.some((other) => range[0] < other.range[1] && other.range[0] < range[1])) continue;
        found.push({ range, target, ...spell(target, match, lowerSource) });
      }
    }
    return found.sort((a, b) => a.range[0] - b.range[0]);
  }
}

/** The source of a `u` pattern that finds a term where it stands as a word of its own, across any white space. */
export function wholeWords(source: string): string {
  const escaped = source.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&').replaceAll(' ', '\\s+');
  // A term that starts or ends in a symbol ("C++") needs no boundary there.
  const before = /^[\p{L}\p{N}]/u.test(source) ? '(?<![\\p{L}\\p{N}])' : '';
  const after = /[\p{L}\p{N}]$/u.test(source) ? '(?![\\p{L}\\p{N}])' : '';
  return before + escaped + after;
}

function startsLower(text: string): boolean {
  return /^\p{Ll}/u.test(text);
}

function isCapitals(text: string): boolean {
  return text.length > 1 && text === text.toUpperCase() && text !== text.toLowerCase();
}

/**
 * A term in lower case is capitalised at the start of the target, and anywhere, if the model likes it better, where the
 * source is capitalised (a title, or the start of a sentence, which may come to stand elsewhere).
 */
function spell(
  target: string,
  match: string,
  lowerSource: boolean,
): Pick<WantedTerm, 'spellings' | 'initialSpellings'> {
  if (lowerSource && isCapitals(match)) return { spellings: [target.toUpperCase()], initialSpellings: [] };
  if (!startsLower(target)) return { spellings: [target], initialSpellings: [] };
  const [first = ''] = target;
  const capitalised = first.toUpperCase() + target.slice(first.length);
  if (lowerSource && !startsLower(match)) return { spellings: [target, capitalised], initialSpellings: [] };
  return { spellings: [target], initialSpellings: [capitalised] };
}

/** The terms as token spans of the encoded sentence and token ids of the target. */
export function steeredTerms(wanted: readonly WantedTerm[], sourceRanges: readonly Range[], target: Tokeniser): Term[] {
  const encoded = (text: string): Int32Array[] => [target.encode(text).ids, ...gluedForm(text, target)];
  return wanted.map(({ range, spellings, initialSpellings }) => ({
    span: tokenSpan(range, sourceRanges),
    forms: spellings.flatMap(encoded),
    initialForms: initialSpellings.map((text) => target.encode(text).ids),
  }));
}

/** The tokens that a range of the text touches. */
function tokenSpan([from, to]: Range, ranges: readonly Range[]): [number, number] {
  const touched = [...ranges.keys()].filter((i) => (ranges[i]?.[0] ?? 0) < to && (ranges[i]?.[1] ?? 0) > from);
  return [touched[0] ?? 0, (touched.at(-1) ?? -1) + 1];
}

/** How a text is spelt behind an opening bracket, where it starts no new word; none where the bracket melts into its first piece. */
function gluedForm(text: string, target: Tokeniser): Int32Array[] {
  const { ids, ranges } = target.encode(`(${text}`);
  const first = ranges.findIndex(([from]) => from >= 1);
  const isClean = first > 0 && ranges[first]?.[0] === 1 && (ranges[first - 1]?.[1] ?? 0) <= 1;
  return isClean ? [ids.slice(first)] : [];
}

/** Puts back what the vocabulary could not spell of the terms placed in a translation. */
export function respelled(
  placements: readonly Placement[],
  wanted: readonly WantedTerm[],
  target: string,
  targetRanges: readonly Range[],
  tokeniser: Tokeniser,
): Edit[] {
  return placements.flatMap(({ term, from, to }): Edit[] => {
    const start = targetRanges[from]?.[0] ?? 0;
    const end = targetRanges[to - 1]?.[1] ?? start;
    const written = target.slice(start, end).trim();
    const { spellings = [], initialSpellings = [] } = wanted[term] ?? {};
    const meant = [...spellings, ...initialSpellings].find(
      (spelling) => tokeniser.decode(tokeniser.encode(spelling).ids).text.trim() === written,
    );
    if (meant === undefined || meant === written) return [];
    const at = target.indexOf(written, start);
    return [{ range: [at, at + written.length], text: meant }];
  });
}

/** How the pieces of a vocabulary join to words; see `PieceKinds`. */
export function pieceKinds(tokeniser: Tokeniser): PieceKinds {
  return Uint8Array.from({ length: tokeniser.size }, (_, id) => {
    const piece = tokeniser.piece(id);
    const letters = Array.from(piece.replaceAll(SPACE_SYMBOL, ''), (character) => /[\p{L}\p{N}]/u.test(character));
    return (
      (piece.startsWith(SPACE_SYMBOL) ? STARTS_WORD : 0) |
      (letters[0] ? LETTER_FIRST : 0) |
      (letters.at(-1) ? LETTER_LAST : 0)
    );
  });
}
