import type { ManifestOf } from '../../protocol/manifest.ts';
import type { SpeechInput } from '../../protocol/messages.ts';
import type { DeviceInfo, SpokenIn } from '../../protocol/types.ts';
import type { LogMel } from '../features/audio/logMel.ts';
import { HOP_SAMPLES, SAMPLE_RATE_HZ } from '../features/audio/logMel.ts';
import { compressionRatio } from '../features/compression.ts';
import { readSegments, type SpokenSegment } from '../features/segments.ts';
import { SILENT_ROWS } from '../seq2seq/audioContext.ts';
import { recognise, type HearingModel, type RecogniseOptions, type Utterance } from '../seq2seq/recognise.ts';
import type { HeardWindow, Mel } from '../seq2seq/whisperMemory.ts';
import { chooseLanguage, possibleLanguages, type DetectedLanguage } from './spokenLanguage.ts';

export interface VoiceActivity {
  /** Of each `windowSamples` samples at 16 kHz the probability that somebody speaks; remembers what came before. */
  probabilities(samples: Float32Array): Promise<Float32Array>;
  /** Forgets what came before. */
  reset(): void;
  windowSamples: number;
}

/** A speech model, loaded. */
export interface Recogniser {
  manifest: ManifestOf<'speech'>;
  device: DeviceInfo;
  model: HearingModel;
  voice: VoiceActivity;
  logMel: LogMel;
  /** The text of ids; U+FFFD where a character is not whole. */
  decode(ids: Int32Array): string;
}

/** Whether a model shows when each word is said; of one that does not, only the times of its segments are told. */
export const timesWords = ({ architecture }: ManifestOf<'speech'>): boolean => architecture.alignmentHeads.length > 0;

/** Speech to be written down. */
export interface Speech {
  /** 16 kHz. */
  samples: Float32Array;
  /** When its first sample is heard. */
  startS: number;
  /** Nothing new is said before this. */
  notBeforeS: number;
  /** The language that was spoken just before; absent: that of the speech before it in the batch, or of the options. */
  after?: string;
}

/** What was written down of some speech. */
export interface Heard {
  segments: SpokenSegment[];
  /** Without those that were forced. */
  ids: Int32Array;
  /** Nobody speaks, or what was written is not to be trusted. */
  silent: boolean;
  reliable: boolean;
  spoken: SpokenIn;
  /** Whether more of it could turn out to be in another language. */
  languageSure: boolean;
}

type HearOptions = Pick<RecogniseOptions, 'agreed' | 'signal'> & {
  /** At these temperatures what looks wrong is heard again; null: never. */
  again: readonly number[] | null;
  /** The language that was spoken before all of it. */
  after?: string | undefined;
};

/** Silence after the speech, from which the model knows what silence is here. */
const SILENT_FRAMES = 2 * SILENT_ROWS;

/** openai/whisper's: less likely output is not believed. */
const LEAST_LOG_PROB = -1;
/** What goes on with fewer ids than this is judged together with those before it. */
const REST_IDS = 12;

const GHOST_WORDS = 3;
const GHOST_PROBABILITY = 0.35;
const GHOST_NO_SPEECH = 0.6;

/** Writes down some pieces of speech as one batch. Throws as `recognise` and `possibleLanguages` do. */
export async function hear(
  recogniser: Recogniser,
  input: SpeechInput,
  speeches: readonly Speech[],
  { again, agreed = new Int32Array(), after, signal }: HearOptions,
): Promise<Heard[]> {
  const { model, logMel, decode, manifest } = recogniser;
  const { architecture } = manifest;
  const possible = possibleLanguages(input, manifest);
  const mels = speeches.map(({ samples }): Mel => {
    const heard = Math.ceil(samples.length / HOP_SAMPLES);
    const frames = Math.min(architecture.frames, heard + (heard % 2) + SILENT_FRAMES);
    return { ...logMel.extract(samples, frames), heard };
  });
  const windows = await model.hear(mels, signal);
  const detected = possible.length > 1 ? await detect(recogniser, windows, speeches, possible, after, signal) : [];
  const utterances = windows.map((window, i): Utterance<HeardWindow> => {
    const languageId = architecture.languageIds[detected[i]?.language ?? ''];
    return {
      features: { ...window, ...(languageId === undefined ? {} : { languageId }) },
      durationS: secondsOf(speeches[i]),
    };
  });
  const found = await recognise(model, utterances, {
    architecture,
    prompt: promptFor(input, possible[0] ?? '', manifest),
    beams: input.beams,
    compressionRatio: (ids) => compressionRatio(decode(ids)),
    temperatures: again ?? [],
    agreed,
    signal,
  });
  return speeches.map((speech, i) => {
    const result = found[i];
    if (!result) throw new Error('A piece of speech came back without a result.');
    const { ids, logProbs, attention = new Float32Array() } = result.hypothesis;
    const written = { ids, logProbs, attention, heads: architecture.alignmentHeads.length };
    const place = { ...speech, sampleRateHz: SAMPLE_RATE_HZ };
    const segments = readSegments(written, { decode, timestampBeginId: architecture.timestampBeginId }, place);
    const words = segments.flatMap((segment) => segment.words);
    const silent = result.silent || (agreed.length === 0 && isGhost(words, result.noSpeech));
    const reliable = result.reliable || (result.hypothesis.ended && isLikelyRest(logProbs, agreed.length));
    const spoken = spokenIn(input, detected[i], possible[0] ?? 'und');
    return { segments, ids, silent, reliable, spoken, languageSure: detected[i]?.sure ?? true };
  });
}

const secondsOf = (speech: Speech | undefined): number => (speech?.samples.length ?? 0) / SAMPLE_RATE_HZ;

/** The language of each piece of speech, each judged by the one before it. */
async function detect(
  { model, manifest }: Recogniser,
  windows: readonly HeardWindow[],
  speeches: readonly Speech[],
  possible: readonly string[],
  after: string | undefined,
  signal: AbortSignal,
): Promise<DetectedLanguage[]> {
  const known = Object.keys(manifest.architecture.languageIds);
  let before = after;
  return (await model.languages(windows, signal)).map((all, i) => {
    const own = new Map(possible.map((tag): [string, number] => [tag, all[known.indexOf(tag)] ?? 0]));
    const sum = [...own.values()].reduce((total, chance) => total + chance, 0);
    const chances = new Map([...own].map(([tag, chance]): [string, number] => [tag, sum > 0 ? chance / sum : 0]));
    const chosen = chooseLanguage(chances, speeches[i]?.after ?? before, secondsOf(speeches[i]));
    before = chosen.language;
    return chosen;
  });
}

function spokenIn({ task }: SpeechInput, detected: DetectedLanguage | undefined, only: string): SpokenIn {
  const language = detected?.language ?? only;
  return {
    language,
    ...(detected ? { languageProbability: detected.probability } : {}),
    ...(task === 'translate' && language !== 'en' ? { textLanguage: 'en' } : {}),
  };
}

/**
 * Whether ids are likely enough that go on where others were agreed on: the mean over a few of them (the last full stop and the
 * end) says little, so those before them count, too.
 */
export function isLikelyRest(logProbs: Float32Array, agreed: number): boolean {
  const count = Math.max(logProbs.length, Math.min(REST_IDS, logProbs.length + agreed));
  return agreed > 0 && logProbs.reduce((sum, logProb) => sum + logProb, 0) / count >= LEAST_LOG_PROB;
}

/**
 * Whether what was written is what Whisper writes of breaths and clicks: a few words ("Thank you.") that it does not believe
 * itself, or of sound in which it thinks that nobody speaks.
 */
export function isGhost(words: readonly { probability: number }[], noSpeech: number): boolean {
  const sum = words.reduce((total, { probability }) => total + probability, 0);
  return words.length <= GHOST_WORDS && (noSpeech > GHOST_NO_SPEECH || sum / words.length < GHOST_PROBABILITY);
}

function promptFor(input: SpeechInput, language: string, { architecture }: ManifestOf<'speech'>): Int32Array {
  const { sotId, languageIds, transcribeId, translateId } = architecture;
  const taskId = input.task === 'translate' ? translateId : transcribeId;
  return Int32Array.from([sotId, languageIds[language], taskId].filter((id) => id !== undefined && id !== null));
}
