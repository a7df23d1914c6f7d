import type { Alternative, Warning } from '../../protocol/types.ts';
import { copied, lostItems, needsNoTranslation, nothingToTranslate } from '../features/checks.ts';
import { applyEdits } from '../features/edits.ts';
import { finishSentence } from '../features/restore.ts';
import type { Tokeniser, Tokenisers } from '../features/tokeniser.ts';
import type { Generated, Review } from '../seq2seq/jobs.ts';
import type { Hypothesis } from '../seq2seq/search.ts';
import type { SentenceResult, SourceSentence } from './document.ts';
import { respelled, steeredTerms, wholeWords, type WantedTerm } from './glossary.ts';
import { isUnreadable, otherScript } from './languages.ts';

/** A sentence under way. */
export interface OpenSentence extends SourceSentence {
  /** Why it is kept as it is; null for one to be translated. */
  kept: Warning | null;
  /** What its translation must hold: its glossary terms, then the words that a first translation lost. */
  wanted: WantedTerm[];
  /** How many of those are glossary terms. */
  terms: number;
}

/** What the sentences of one translation are turned into text with. */
export interface Writing {
  tokenisers: Tokenisers;
  from: string;
  to: string;
}

/** More than this lost, and steering would take longer than it helps. */
const MOST_ITEMS = 8;

/** Decides what is to be done with a sentence. */
export function opened(
  sentence: SourceSentence,
  termsOf: (sentence: SourceSentence) => WantedTerm[],
  source: Tokeniser,
): OpenSentence {
  const { text, prepared } = sentence;
  if (needsNoTranslation(text)) return { ...sentence, kept: nothingToTranslate(), wanted: [], terms: 0 };
  if (isUnreadable(prepared, source)) return { ...sentence, kept: otherScript(), wanted: [], terms: 0 };
  const wanted = termsOf(sentence);
  return { ...sentence, kept: null, wanted, terms: wanted.length };
}

/** A sentence that is its own translation. */
export function asItIs(warning: Warning, target: string): SentenceResult {
  return { target, score: 0, alignment: [], alternatives: [], warnings: [warning] };
}

/**
 * What a translation lacks: glossary terms, numbers, and the stand-ins of addresses and placeholders. What a second one must
 * hold is fixed with the first: the placements of its hypotheses count in it.
 */
export function reviewed(sentence: OpenSentence, target: string, tokeniser: Tokeniser): Review {
  const items = lostWords(sentence, target);
  const lacking = items.length + lostTerms(glossaryTerms(sentence), target).length;
  if (lacking === 0) return { lacking, terms: [] };
  if (sentence.wanted.length === sentence.terms) sentence.wanted.push(...items);
  return { lacking, terms: steeredTerms(sentence.wanted, sentence.prepared.ranges, tokeniser) };
}

function lostWords({ text, prepared }: OpenSentence, target: string): WantedTerm[] {
  const lost = lostItems(text, target).flatMap(({ range }): WantedTerm[] => {
    if (!range) return [];
    const item = prepared.carried.find((other) => range[0] < other.range[1] && other.range[0] < range[1]);
    if (item?.standIn === null) return [];
    const word = item?.standIn ?? text.slice(...range);
    return [{ range: item?.range ?? range, target: word, spellings: [word], initialSpellings: [] }];
  });
  return lost.length > MOST_ITEMS ? [] : lost;
}

/** The text of a hypothesis and which words made which. */
export function render(hypothesis: Hypothesis, sentence: OpenSentence, { tokenisers, from, to }: Writing): Alternative {
  const { ids, score, attention, sourceLength, placements } = hypothesis;
  const { prepared, wanted, terms } = sentence;
  const { target, targetRanges, alignment } = finishSentence(prepared, ids, attention, sourceLength, tokenisers, {
    from,
    to,
  });
  const glossary = placements.filter(({ term }) => term < terms);
  const edited = applyEdits(target, respelled(glossary, wanted, target, targetRanges, tokenisers.target));
  return {
    text: edited.text,
    score,
    alignment: alignment.map((link) => ({ ...link, target: edited.moved(link.target) })),
  };
}

/** The text that a sentence has so far. */
export function partialText({ prepared }: OpenSentence, ids: Int32Array, { tokenisers, from, to }: Writing): string {
  return finishSentence(prepared, ids, undefined, prepared.ids.length, tokenisers, { from, to }).target;
}

/** A generated sentence as it is given to the user. */
export function finished(
  { hypotheses, repeated }: Generated,
  sentence: OpenSentence,
  writing: Writing,
  alternatives: number,
): SentenceResult {
  const [best, ...others] = hypotheses.map((hypothesis) => render(hypothesis, sentence, writing));
  if (!best) throw new Error('A sentence came back without a translation.');
  const { text: target, score, alignment } = best;
  // Other tokens may make the same text; the best of them is kept.
  const distinct = new Map(others.reverse().map((other) => [other.text, other]));
  distinct.delete(target);
  const ranked = [...distinct.values()].sort((a, b) => b.score - a.score).slice(0, alternatives);
  const warnings = [
    ...lostItems(sentence.text, target),
    ...lostTerms(glossaryTerms(sentence), target),
    ...copied(sentence.text, target),
    ...(repeated ? [REPETITION] : []),
  ];
  return { target, score, alignment, alternatives: ranked, warnings };
}

const REPETITION: Warning = {
  code: 'repetition',
  message: 'The translation went round in circles and was made again without repetitions; check it.',
};

const glossaryTerms = ({ wanted, terms }: OpenSentence): WantedTerm[] => wanted.slice(0, terms);

/** A warning for each glossary term that the translation does not hold as often as it should. */
export function lostTerms(terms: readonly WantedTerm[], target: string): Warning[] {
  const left = new Map<string, number>();
  return terms.flatMap(({ range, target: term }): Warning[] => {
    const count = left.get(term) ?? target.match(new RegExp(wholeWords(term), 'giu'))?.length ?? 0;
    left.set(term, count - 1);
    if (count > 0) return [];
    return [{ code: 'lost-term', message: `The glossary asks for “${term}” here.`, found: term, range }];
  });
}
