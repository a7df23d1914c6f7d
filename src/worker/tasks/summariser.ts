import type { HubSummariserArchitecture } from '../../protocol/manifest.ts';
import type { SummaryLength } from '../../protocol/types.ts';
import { splitSentences } from '../features/sentences.ts';
import { splitLong } from '../features/splitLong.ts';
import type { Tokeniser } from '../features/tokeniser.ts';
import { beamSearch } from '../seq2seq/beam.ts';
import { forbid, noRepeatNgram, type LogitsProcessor } from '../seq2seq/logits.ts';
import type { StepModel } from '../seq2seq/model.ts';

/** A summariser, loaded; its model has no least length of its own. */
export interface Summariser {
  architecture: HubSummariserArchitecture;
  model: StepModel<Int32Array, unknown>;
  tokeniser: Tokeniser;
}

export interface SummariseOptions {
  length: SummaryLength;
  signal: AbortSignal;
  /** The summary so far. */
  onPartial?(text: string): void;
  /** @param total - parts of the text, and one more where what is said of them is summarised in turn */
  onPart?(done: number, total: number): void;
}

/**
 * How much of the longest output that its model's rules allow a summary may take, how much it must at least, and whether
 * the summaries of the parts of a long text are summarised together, or all given.
 */
const LENGTHS: Record<SummaryLength, { most: number; least: number; together: boolean }> = {
  short: { most: 0.4, least: 0.1, together: true },
  medium: { most: 0.7, least: 0.25, together: true },
  long: { most: 1, least: 0.4, together: false },
};

/** Of the tokens of what is summarised: a summary is never as long, and a short text has no long one. */
const MOST_OF_SOURCE = 0.8;
const LEAST_OF_SOURCE = 0.2;
const FEWEST_TOKENS = 12;
/** Nothing in a summary needs to be said twice; the models published for it say so themselves. */
const REPEATED_NGRAM = 3;
/** Only chooses abbreviations, which matter little where sentences are put together again. */
const SENTENCE_LANGUAGE = 'en';

/**
 * What a text says, in fewer words. What is longer than the model reads at once is read in parts of about the same length, cut
 * between sentences, and so are the summaries of the parts, until there is one; nothing is left out.
 * @throws EngineError aborted, and what the model throws
 */
export async function summariseText(
  summariser: Summariser,
  text: string,
  { length, signal, onPartial, onPart }: SummariseOptions,
): Promise<{ text: string; parts: number }> {
  const parts = partsOf(text, summariser);
  const isTogether = LENGTHS[length].together && parts.length > 1;
  const total = parts.length + (isTogether ? 1 : 0);
  onPart?.(0, total);
  const summaries: string[] = [];
  for (const part of parts) {
    const before = summaries.map((summary) => `${summary}\n\n`).join('');
    const tell = onPartial && ((soFar: string): void => onPartial(before + soFar));
    summaries.push(await summarisePart(summariser, part, length, signal, tell));
    onPart?.(summaries.length, total);
  }
  const whole = summaries.join('\n\n');
  // What became no shorter would never be one part.
  if (!isTogether || whole.length >= text.length) {
    onPart?.(total, total);
    return { text: whole, parts: parts.length };
  }
  const together = await summariseText(summariser, whole, { length, signal, ...(onPartial && { onPartial }) });
  onPart?.(total, total);
  return { text: together.text, parts: parts.length };
}

/** Sentences put together into as few parts as fit, of about the same length. */
function partsOf(text: string, { architecture, tokeniser }: Summariser): string[] {
  const { sourcePositions, before, after } = architecture;
  const room = Math.max(1, sourcePositions - before.length - after.length - SEAM_TOKENS);
  const count = (piece: string): number => tokeniser.encode(piece).ids.length;
  const sentences = [...splitSentences(text, SENTENCE_LANGUAGE)].flatMap(({ from, to, kind }) => {
    const sentence = text.slice(from, to).trim();
    // Code between fences is a gap for a translator; here it is read.
    if (kind === 'gap' && !/\p{L}/u.test(sentence)) return [];
    const tokens = count(sentence);
    if (tokens <= room) return [{ sentence, tokens }];
    return splitLong(sentence, count, room).map(([start, end]) => {
      const piece = sentence.slice(start, end);
      return { sentence: piece, tokens: count(piece) };
    });
  });
  const total = sentences.reduce((sum, { tokens }) => sum + tokens + 1, 0);
  const share = total / Math.ceil(total / room);
  const parts: { text: string; tokens: number }[] = [];
  for (const { sentence, tokens } of sentences) {
    const last = parts.at(-1);
    // A space may be a token of its own.
    if (last && last.tokens < share && last.tokens + tokens + 1 <= room) {
      last.text += ` ${sentence}`;
      last.tokens += tokens + 1;
    } else parts.push({ text: sentence, tokens });
  }
  return parts.map((part) => part.text);
}

/** Pieces at the edges of a part may be cut another way beside what is put around it. */
const SEAM_TOKENS = 2;

async function summarisePart(
  { architecture, model, tokeniser }: Summariser,
  text: string,
  length: SummaryLength,
  signal: AbortSignal,
  onPartial: ((text: string) => void) | undefined,
): Promise<string> {
  const { before, after, noRepeat, beams, lengthPenalty, stopsEarly } = architecture;
  const { ids } = tokeniser.encode(text);
  const { most, least } = LENGTHS[length];
  const longest = Math.max(FEWEST_TOKENS, Math.min(most * model.maxTokens, MOST_OF_SOURCE * ids.length));
  const shortest = Math.min(least * model.maxTokens, LEAST_OF_SOURCE * ids.length);
  const source = {
    features: Int32Array.from([...before, ...ids, ...after]),
    maxTokens: Math.min(model.maxTokens, Math.ceil(longest)),
    processors: [noRepeatNgram(noRepeat || REPEATED_NGRAM), notBefore(Math.floor(shortest), model.eosId)],
  };
  const tell =
    onPartial && ((_: number, said: () => Int32Array): void => onPartial(tokeniser.decode(said()).text.trim()));
  const [found] = await beamSearch(model, [source], {
    beams,
    hypotheses: 1,
    lengthPenalty,
    signal,
    ...(stopsEarly && { enough: beams }),
    ...(tell && { onPartial: tell }),
  });
  const [best] = found?.hypotheses ?? [];
  if (!best) throw new Error('A search found nothing.');
  const summary = tokeniser.decode(best.ids).text.trim();
  return best.ended ? summary : whole(summary);
}

/** No end before so many tokens. */
function notBefore(tokens: number, eosId: number): LogitsProcessor {
  const keepGoing = forbid([eosId]);
  return (scores, context) => {
    if (context.ids.length < tokens) keepGoing(scores, context);
  };
}

const SENTENCE_END = /^.*[.!?。！？]["'”’»)\]]*(?=\s|$)/su;
const SHORTEST_REST = 0.5;

/** What was cut off in the middle of a sentence, without that sentence, or as what it is. */
function whole(summary: string): string {
  const ended = SENTENCE_END.exec(summary)?.[0] ?? '';
  return ended.length >= SHORTEST_REST * summary.length ? ended : `${summary}…`;
}
