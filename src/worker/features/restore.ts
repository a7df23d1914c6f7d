import type { Link, Range } from '../../protocol/types.ts';
import { linkWords } from './alignment.ts';
import type { Carried, PreparedSentence } from './carry.ts';
import { applyEdits, type Edit } from './edits.ts';
import { localNumbers } from './numberFormat.ts';
import type { Tokeniser } from './tokeniser.ts';
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
 * @param sourceLength - source ids, end-of-sentence included.
 */
export function finishSentence(
  prepared: PreparedSentence,
  ids: ArrayLike<number>,
  attention: Float32Array | undefined,
  sourceLength: number,
  tokeniser: Tokeniser,
  languages: { from: string; to: string },
): FinishedSentence {
  const { source, carried } = prepared;
  const { text, ranges } = tokeniser.decode(ids);
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
        });
  const edited = applyEdits(text, [
    ...carried.flatMap((item) => restoreStandIn(item, source, text, links)),
    ...restoreNames(source, text, links, tokeniser),
    ...localNumbers(source, text, languages),
    ...restoreTypography(source, text),
  ]);
  const moved = links.map((link) => ({ ...link, target: edited.moved(link.target) }));
  const marks = carried.filter(({ standIn }) => standIn === null);
  const finished = applyEdits(
    edited.text,
    marks.map(({ range }) => placeMark(range, source, edited.text, moved)),
  );
  return {
    target: finished.text,
    targetRanges: ranges.map((range) => finished.moved(edited.moved(range))),
    alignment: moved.map((link) => ({ ...link, target: finished.moved(link.target) })),
  };
}

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

/**
 * Puts a mark where it parts the translation as it parted the source: at the word boundary that the fewest links cross. Of
 * equal places an opening tag takes the last, everything else the first.
 */
function placeMark([from, to]: Range, source: string, target: string, links: Link[]): Edit {
  const mark = source.slice(from, to);
  if (links.length === 0) return insertion(target.length, mark, ' ', '', target);
  const isOpening = /^<[^/]/.test(mark) && !/\/>$/.test(mark);
  const places = isOpening
    ? links.map((link) => link.target[0]).reverse()
    : [0, ...links.map((link) => link.target[1])];
  const crossed = (place: number): number =>
    links.reduce((sum, link) => sum + (link.source[1] <= from === link.target[1] <= place ? 0 : link.weight), 0);
  let at = places.reduce((best, place) => (crossed(place) < crossed(best) ? place : best));
  const isAfterPunctuation = /\p{P}\s*$/u.test(source.slice(0, from)) && !isOpening;
  if (isAfterPunctuation) at += /^\p{P}*/u.exec(target.slice(at))?.[0].length ?? 0;
  const before = /\s$/.test(source.slice(0, from)) ? ' ' : '';
  const after = /^\s/.test(source.slice(to)) ? ' ' : '';
  return insertion(at, mark, before, after, target);
}

/** Spaces as in the source, but not twice. */
function insertion(at: number, mark: string, before: string, after: string, target: string): Edit {
  const isAfterSpace = at === 0 || /\s$/.test(target.slice(0, at));
  const isBeforeSpace = at === target.length || /^[\s\p{P}]/u.test(target.slice(at));
  return { range: [at, at], text: (isAfterSpace ? '' : before) + mark + (isBeforeSpace ? '' : after) };
}
