import type { SpeechArchitecture } from '../../protocol/manifest.ts';
import { beamSearch } from './beam.ts';
import { greedySearch, hasGreedy } from './greedy.ts';
import { isLooping, loopStart } from './logits.ts';
import type { StepModel } from './model.ts';
import { sampleSearch, seededRandom } from './sample.ts';
import type { Hypothesis, SearchSource } from './search.ts';
import type { HeardWindow, Mel } from './whisperMemory.ts';
import { whisperRules } from './whisperRules.ts';

/** A piece of speech to be recognised at once. */
export interface Utterance<F> {
  features: F;
  durationS: number;
}

export interface Recognised {
  /** Text and times: the ids at and above `timestampBeginId`. */
  hypothesis: Hypothesis;
  /** Probability that nobody speaks. */
  noSpeech: number;
  /** Nobody speaks: there is no text, whatever the hypothesis says. */
  silent: boolean;
  /** Whether it passed the checks; the best of all tries where none did. */
  reliable: boolean;
}

/** A model whose state says how likely it is that nobody speaks. */
export type SpeechStepModel<F, S extends { noSpeech: Float32Array }> = StepModel<F, S>;

/** A model that hears first, says which language that is, and then writes it down. */
export interface HearingModel extends SpeechStepModel<HeardWindow, { noSpeech: Float32Array }> {
  hear(windows: readonly Mel[], signal: AbortSignal): Promise<HeardWindow[]>;
  /** Of each window the chances of the architecture's languages, in their order. */
  languages(windows: readonly HeardWindow[], signal: AbortSignal): Promise<Float32Array[]>;
}

export interface RecogniseOptions {
  architecture: SpeechArchitecture;
  /** Forced first ids, up to the first time: [sot] or [sot, language, task]. */
  prompt: Int32Array;
  /** Ids of the same batch's earlier outputs that must stand at the beginning of this one, times included. */
  agreed?: Int32Array;
  /** 1 is greedy search. */
  beams: number;
  /** Tried one after the other where greedy search fails. */
  temperatures: readonly number[];
  /** How many times smaller the text of these ids gets when it is compressed. */
  compressionRatio(ids: Int32Array): Promise<number>;
  signal: AbortSignal;
  onPartial?(utterance: number, ids: () => Int32Array): void;
}

/** openai/whisper's, as are the numbers that follow. */
export const TEMPERATURES: readonly number[] = [0.2, 0.4, 0.6, 0.8, 1];
const SAMPLES = 5;
const MOST_COMPRESSION = 2.4;
/** Of what came to an end by itself: Dickens's "It was the best of times..." gets 2.45 times smaller. */
const MOST_COMPRESSION_ENDED = 3;
const LEAST_LOG_PROB = -1;
const NO_SPEECH = 0.6;
/** Nobody speaks faster: English has about 4 tokens a second. */
const TOKENS_PER_SECOND = 12;
const SPARE_TOKENS = 16;

/** An abort and partial text wait for one call at most. */
const GREEDY_CALL = { tokensPerCall: 32, callMs: 250 };
const LENGTH_PENALTY = 1;

/**
 * What is said in each of some utterances, as one batch. Where the output looks wrong (it repeats itself, or is unlikely), it
 * is made again at rising temperatures (openai/whisper's `decode_with_fallback`).
 * @throws EngineError `aborted`, and what the model throws
 */
export async function recognise<F, S extends { noSpeech: Float32Array }>(
  model: SpeechStepModel<F, S>,
  utterances: readonly Utterance<F>[],
  options: RecogniseOptions,
): Promise<Recognised[]> {
  const results: Recognised[] = [];
  let open = utterances.map((utterance, index) => ({ utterance, index }));
  for (const temperature of [0, ...options.temperatures]) {
    if (open.length === 0) break;
    const tried = open;
    const found = await search(
      model,
      tried.map(({ utterance }) => utterance),
      temperature,
      options,
      (i, ids) => options.onPartial?.(tried[i]?.index ?? 0, ids),
    );
    for (const [i, { index }] of tried.entries()) {
      const result = found[i] && (await judged(found[i], options));
      const earlier = results[index];
      if (result && (!earlier || isBetter(result, earlier))) results[index] = result;
    }
    open = open.filter(({ index }) => results[index]?.reliable !== true);
  }
  return results;
}

interface Found {
  hypothesis: Hypothesis;
  noSpeech: number;
  looped: boolean;
}

async function search<F, S extends { noSpeech: Float32Array }>(
  model: SpeechStepModel<F, S>,
  utterances: Utterance<F>[],
  temperature: number,
  { architecture, prompt, agreed, beams, signal }: RecogniseOptions,
  onPartial: (utterance: number, ids: () => Int32Array) => void,
): Promise<Found[]> {
  const prefix = agreed ?? new Int32Array();
  const forced = Int32Array.from([...prompt, ...prefix]);
  const rules = whisperRules(architecture, prefix);
  const sources = utterances.map(({ features, durationS }): SearchSource<F> => {
    const room = Math.min(model.maxTokens / 2, Math.ceil(durationS * TOKENS_PER_SECOND) + SPARE_TOKENS);
    return {
      features,
      maxTokens: Math.max(1, Math.min(room, model.maxTokens - forced.length)),
      processors: [rules],
    };
  });
  let noSpeech = new Float32Array();
  const onStart = (state: S): void => void (noSpeech = state.noSpeech.slice());
  const common = { prompt: forced, signal, onPartial, onStart };
  const looping = (_: number, ids: Int32Array): boolean => isLooping(spoken(ids, architecture), new Int32Array());
  let hypotheses: Hypothesis[];
  if (temperature > 0) {
    hypotheses = await sampleSearch(model, sources, {
      ...common,
      temperature,
      samples: SAMPLES,
      random: seededRandom(Math.round(temperature * 10)),
    });
  } else if (beams === 1 && hasGreedy(model)) {
    const found = await greedySearch(model, sources, { ...common, ...GREEDY_CALL, isLooping: looping });
    hypotheses = found.map(({ hypotheses: [best] }) => best).filter((best) => best !== undefined);
  } else {
    const found = await beamSearch(model, sources, { ...common, beams, hypotheses: 1, lengthPenalty: LENGTH_PENALTY });
    hypotheses = found.map(({ hypotheses: [best] }) => best).filter((best) => best !== undefined);
  }
  return hypotheses.map((hypothesis, i) => ({
    hypothesis,
    noSpeech: noSpeech[i] ?? 0,
    looped: looping(i, hypothesis.ids),
  }));
}

async function judged({ hypothesis, noSpeech, looped }: Found, options: RecogniseOptions): Promise<Recognised> {
  const unlikely = hypothesis.score < LEAST_LOG_PROB;
  const silent = noSpeech > NO_SPEECH && unlikely;
  const text = spoken(hypothesis.ids, options.architecture);
  const most = hypothesis.ended ? MOST_COMPRESSION_ENDED : MOST_COMPRESSION;
  const reliable = silent || (!looped && !unlikely && (await options.compressionRatio(text)) <= most);
  return { hypothesis: withoutLoop(hypothesis, options.architecture), noSpeech, silent, reliable };
}

/** Of two that both look wrong, the likelier one. */
function isBetter(result: Recognised, earlier: Recognised): boolean {
  return result.reliable || result.hypothesis.score > earlier.hypothesis.score;
}

/** Cut off where it begins to repeat itself. */
function withoutLoop(hypothesis: Hypothesis, architecture: SpeechArchitecture): Hypothesis {
  const { ids, logProbs, attention, sourceLength } = hypothesis;
  const text = spoken(ids, architecture);
  let left = loopStart(text);
  if (left === text.length) return hypothesis;
  const end = ids.findIndex((id) => id < architecture.eotId && left-- === 0);
  return {
    ...hypothesis,
    ids: ids.slice(0, end),
    logProbs: logProbs.slice(0, end),
    ...(attention ? { attention: attention.slice(0, end * sourceLength) } : {}),
    ended: false,
  };
}

/** The ids of text: times would make a loop look like none. */
function spoken(ids: Int32Array, { eotId }: SpeechArchitecture): Int32Array {
  return ids.filter((id) => id < eotId);
}
