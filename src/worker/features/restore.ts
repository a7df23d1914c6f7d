import type { Link, Range } from '../../protocol/types.ts';
import { linkWords } from './alignment.ts';
import type { Carried, PreparedSentence } from './carry.ts';
import { applyEdits, type Edit } from './edits.ts';
import { localNumbers } from './numberFormat.ts';
import type { Tokeniser, Tokenisers } from './tokeniser.ts';
import { restoreTypography } from './typography.ts';

/** A translated sentence with what the model could not carry put back. */
export interface FinishedSentence {
  target: string;
  /** UTF-16 range in `target` of each target id. */
  targetRanges: Range[];
  alignment: Link[];
}

/**
 * Turns the model's ids into the sentence to show: stand-ins become what they stood for, names get their letters back,
 * emoji and tags go where their neighbours went, numbers and quotation marks are written as the target language and the
 * source have them. Works on the first part of a sentence, too.
 *
 * @param ids - target ids, with or without end-of-sentence.
 * @param attention - [ids, sourceLength], row-major; absent: nothing is aligned, and marks go to the end.
 * @param sourceLength - source ids, all that is put around them included.
 */
export function finishSentence(
  prepared: PreparedSentence,
  ids: ArrayLike<number>,
  attention: Float32Array | undefined,
  sourceLength: number,
  tokenisers: Tokenisers,
  languages: { from: string; to: string },
): FinishedSentence {
  const { source, carried } = prepared;
  const { text, ranges } = tokenisers.target.decode(ids);
  const links =
    attention === undefined
      ? []
      : linkWords({
          source,
          target: text,
          sourceRanges: prepared.ranges,
          targetRanges: ranges,
          attention,
          sourceLength,
          sourceUnits: rangesOf(carried.filter(({ standIn }) => standIn !== null)),
          sourceMarks: rangesOf(carried.filter(({ standIn }) => standIn === null)),
        });
  const edited = applyEdits(text, [
    ...carried.flatMap((item) => restoreStandIn(item, source, text, links)),
    ...restoreNames(source, text, links, tokenisers.source),
    ...localNumbers(source, text, languages),
    ...restoreTypography(source, text),
  ]);
  const moved = links.map((link) => ({ ...link, target: edited.moved(link.target) }));
  const marks = findMarks(source, carried);
  const finished = applyEdits(
    edited.text,
    marks.map((mark) => placeMark(mark, source, edited.text, moved)),
  );
  return {
    target: finished.text,
    targetRanges: ranges.map((range) => finished.moved(edited.moved(range))),
    alignment: moved.map((link) => ({ ...link, target: finished.moved(link.target) })),
  };
}

const rangesOf = (carried: Carried[]): Range[] => carried.map(({ range }) => range);

/** A target word that holds at least this much of a stand-in's attention is what the model made of it. */
const SURE_LINK = 0.5;

function restoreStandIn({ standIn, range }: Carried, source: string, target: string, links: Link[]): Edit[] {
  if (standIn === null) return [];
  const original = source.slice(...range);
  const found = [...target.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${standIn}(?!\\p{N})`, 'gu'))];
  if (found.length > 0) return found.map(({ index }) => ({ range: [index, index + standIn.length], text: original }));
  const link = links
    .filter(({ source: [from, to], weight }) => from < range[1] && to > range[0] && weight >= SURE_LINK)
    .sort((a, b) => b.weight - a.weight)[0];
  return link === undefined ? [] : [{ range: link.target, text: original }];
}

/** "Muller" becomes "Müller" again where the model copied the plain spelling of the word it is aligned with. */
function restoreNames(source: string, target: string, links: Link[], tokeniser: Tokeniser): Edit[] {
  return links.flatMap((link): Edit[] => {
    const word = source.slice(...link.source);
    if (/^[\p{ASCII}]*$/u.test(word)) return [];
    const plain = tokeniser.decode(tokeniser.encode(word).ids).text;
    const isSubstituted = plain !== word.normalize('NFKC');
    return isSubstituted && plain === target.slice(...link.target) ? [{ range: link.target, text: word }] : [];
  });
}

interface Mark {
  range: Range;
  text: string;
  isOpening: boolean;
  /** For one of a pair of tags, what stands between them. */
  inside: Range | null;
}

const TAG_NAME = /^<\/?([\w:-]+)/;
const STOP_BEFORE = /[.,;:!?…"'”’»)\]]\s*$/;
const STOPS = /^[.,;:!?…"'”’»)\]]*/;

/** The marks of a sentence, opening and closing tags paired. */
function findMarks(source: string, carried: Carried[]): Mark[] {
  const marks = carried
    .filter(({ standIn }) => standIn === null)
    .map(({ range }): Mark => {
      const text = source.slice(...range);
      return { range, text, isOpening: /^<[^/]/.test(text) && !text.endsWith('/>'), inside: null };
    });
  const open: Mark[] = [];
  for (const mark of marks) {
    const name = TAG_NAME.exec(mark.text)?.[1];
    if (mark.isOpening) open.push(mark);
    else if (mark.text.startsWith('</')) {
      const at = open.findLastIndex(({ text }) => TAG_NAME.exec(text)?.[1] === name);
      const [opening] = at < 0 ? [] : open.splice(at);
      if (opening !== undefined) opening.inside = mark.inside = [opening.range[1], mark.range[0]];
    }
  }
  return marks;
}

/**
 * Puts a pair of tags around all that came of the words between them, and any other mark where it parts the translation as
 * it parted the source: at the word boundary that the fewest links cross, the first of equal ones.
 */
function placeMark(
  { range: [from, to], text, isOpening, inside }: Mark,
  source: string,
  target: string,
  links: Link[],
): Edit {
  if (links.length === 0) return insertion(target.length, text, ' ', '', target);
  const before = /\s$/.test(source.slice(0, from)) ? ' ' : '';
  const after = /^\s/.test(source.slice(to)) ? ' ' : '';
  const enclosed = inside === null ? [] : links.filter(({ source: [a, b] }) => a >= inside[0] && b <= inside[1]);
  if (enclosed.length > 0) {
    const at = isOpening
      ? Math.min(...enclosed.map((link) => link.target[0]))
      : Math.max(...enclosed.map((link) => link.target[1]));
    return insertion(at, text, isOpening ? before : '', isOpening ? '' : after, target);
  }
  const places = [0, ...links.map((link) => link.target[1])];
  const crossed = (place: number): number =>
    links.reduce((sum, link) => sum + (link.source[1] <= from === link.target[1] <= place ? 0 : link.weight), 0);
  let at = places.reduce((best, place) => (crossed(place) < crossed(best) ? place : best));
  if (STOP_BEFORE.test(source.slice(0, from))) at += STOPS.exec(target.slice(at))?.[0].length ?? 0;
  return insertion(at, text, before, after, target);
}

/** Spaces as in the source, but not twice. */
function insertion(at: number, mark: string, before: string, after: string, target: string): Edit {
  const isAfterSpace = at === 0 || /\s$/.test(target.slice(0, at));
  const isBeforeSpace = at === target.length || /^[\s\p{P}]/u.test(target.slice(at));
  return { range: [at, at], text: (isAfterSpace ? '' : before) + mark + (isBeforeSpace ? '' : after) };
}
