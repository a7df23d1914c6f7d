import { EngineError } from '../../protocol/errors.ts';
import type { ManifestOf } from '../../protocol/manifest.ts';
import type { SpeechInput } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import type { LogMel } from '../features/audio/logMel.ts';
import { HOP_SAMPLES, SAMPLE_RATE_HZ } from '../features/audio/logMel.ts';
import { compressionRatio } from '../features/compression.ts';
import { readSegments, type SpokenSegment } from '../features/segments.ts';
import { SILENT_ROWS } from '../seq2seq/audioContext.ts';
import { recognise, type RecogniseOptions, type SpeechStepModel, type Utterance } from '../seq2seq/recognise.ts';
import type { Mel } from '../seq2seq/whisper.ts';

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
  model: SpeechStepModel<Mel, { noSpeech: Float32Array }>;
  voice: VoiceActivity;
  logMel: LogMel;
  /** The text of ids; U+FFFD where a character is not whole. */
  decode(ids: Int32Array): string;
}

/** Speech to be written down. */
export interface Speech {
  /** 16 kHz. */
  samples: Float32Array;
  /** When its first sample is heard. */
  startS: number;
  /** Nothing new is said before this. */
  notBeforeS: number;
}

/** What was written down of some speech. */
export interface Heard {
  segments: SpokenSegment[];
  /** Without those that were forced. */
  ids: Int32Array;
  /** Nobody speaks, or what was written is not to be trusted. */
  silent: boolean;
  reliable: boolean;
}

type HearOptions = Pick<RecogniseOptions, 'agreed' | 'signal'> & {
  /** At these temperatures what looks wrong is heard again; null: never. */
  again: readonly number[] | null;
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

/** Writes down some pieces of speech as one batch. Throws as `recognise` does. */
export async function hear(
  recogniser: Recogniser,
  input: SpeechInput,
  speeches: readonly Speech[],
  { again, agreed = new Int32Array(), signal }: HearOptions,
): Promise<Heard[]> {
  const { model, logMel, decode } = recogniser;
  const { architecture } = recogniser.manifest;
  const utterances = speeches.map(({ samples }): Utterance<Mel> => {
    const heard = Math.ceil(samples.length / HOP_SAMPLES);
    const frames = Math.min(architecture.frames, heard + (heard % 2) + SILENT_FRAMES);
    return { features: { ...logMel.extract(samples, frames), heard }, durationS: samples.length / SAMPLE_RATE_HZ };
  });
  const found = await recognise(model, utterances, {
    architecture,
    prompt: promptFor(input, recogniser.manifest),
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
    return { segments, ids, silent, reliable };
  });
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

/** The tag of the language that is spoken. @throws EngineError unsupported-language */
export function spokenLanguage({ language }: SpeechInput, { name, from }: ManifestOf<'speech'>): string {
  const [only] = from;
  const base = (tag: string): string => tag.toLowerCase().split('-')[0] ?? tag;
  const known =
    language === 'auto' ? (from.length === 1 ? only : undefined) : from.find((tag) => base(tag) === base(language));
  if (known !== undefined) return known;
  const message =
    language === 'auto'
      ? `The model "${name}" knows several languages: say which one is spoken.`
      : `The model "${name}" does not know "${language}". It knows: ${from.join(', ')}.`;
  throw new EngineError('unsupported-language', message);
}

function promptFor(input: SpeechInput, manifest: ManifestOf<'speech'>): Int32Array {
  const { sotId, languageIds, transcribeId, translateId } = manifest.architecture;
  const languageId = languageIds[spokenLanguage(input, manifest)];
  const taskId = input.task === 'translate' ? translateId : transcribeId;
  return Int32Array.from([sotId, languageId, taskId].filter((id) => id !== undefined && id !== null));
}
