import { EngineError } from '../../protocol/errors.ts';
import type { DeviceInfo, ModelKind, TranslatedSentence } from '../../protocol/types.ts';
import { HOP_SAMPLES, SAMPLE_RATE_HZ } from '../features/audio/logMel.ts';
import type { Tokeniser } from '../features/tokeniser.ts';
import { startDevice } from '../runtime/device.ts';
import { SILENT_ROWS } from '../seq2seq/audioContext.ts';
import { recognise } from '../seq2seq/recognise.ts';
import type { OpenModel } from '../store/models.ts';
import { loadCaptioner } from './residentCaptioner.ts';
import { loadRecogniser } from './residentRecogniser.ts';
import { loadTranslator } from './resident.ts';
import { loadSummariser } from './residentSummariser.ts';
import { summariseText } from './summariser.ts';
import { translateWith } from './translate.ts';

/*
 * A converted model is run before it is kept. Files that are damaged, or of a kind that was taken for another, give numbers that are
 * none, or a text that goes round in circles.
 */

/**
 * Runs a model once, on WASM.
 * @throws EngineError model-corrupt where what it makes is no text, and what opening and running throw
 */
export async function tryModel(stored: OpenModel, signal: AbortSignal): Promise<void> {
  const { kind, name } = stored.manifest;
  const trial = TRIALS[kind];
  if (!trial || (await trial(stored, signal))) return;
  throw new EngineError(
    'model-corrupt',
    `The model “${name}” was converted, but what it makes is no text. Its files may be damaged, or not belong together. Fetch them again.`,
  );
}

/** Where a model is tried: with one thread, as every other one takes memory, and lanes would take a copy of the model each. */
export function startTrial(): Promise<DeviceInfo> {
  return startDevice('wasm', 1);
}

const TRIALS: Partial<Record<ModelKind, (stored: OpenModel, signal: AbortSignal) => Promise<boolean>>> = {
  translation: translates,
  speech: hears,
  summary: summarises,
  captioning: describes,
};

async function translates(stored: OpenModel, signal: AbortSignal): Promise<boolean> {
  const translator = await loadTranslator(stored, await startTrial(), signal);
  const { id, from, to } = translator.manifest;
  const [source = 'en'] = from;
  const [target = 'en'] = to;
  const made: TranslatedSentence[] = [];
  const texts = [...phrases(source), ...wordsOf(translator.tokenisers.source)];
  const input = { model: id, provider: 'wasm' as const, texts, from: source, to: target, beams: 1, alternatives: 0 };
  await translateWith(
    translator,
    { ...input, glossary: [], partials: false },
    {
      signal,
      progress: () => undefined,
      emit: (event) => {
        if (event.type === 'sentence' && !event.value.warnings.some(({ code }) => KEPT.has(code)))
          made.push(event.value);
      },
    },
  );
  const isText = ({ target: text, warnings }: TranslatedSentence): boolean =>
    text.trim() !== '' && !warnings.some(({ code }) => code === 'repetition');
  return made.every(({ score }) => Number.isFinite(score)) && made.some(isText);
}

/** Of sentences that no model saw. */
const KEPT: ReadonlySet<string> = new Set(['nothing-to-translate', 'other-language']);

/** A few phrases of any language, as the browser says them: "in 3 days", "Brazil, France, and Japan". */
function phrases(language: string): string[] {
  try {
    const regions = new Intl.DisplayNames([language], { type: 'region' });
    const countries = ['BR', 'FR', 'JP'].map((code) => regions.of(code) ?? code);
    const time = new Intl.RelativeTimeFormat([language]);
    const list = new Intl.ListFormat([language]).format(countries);
    return [`${list}.`, `${time.format(3, 'month')}, ${countries[0] ?? ''}.`, `${time.format(-3, 'day')}.`];
  } catch {
    return [];
  }
}

const SENTENCES = 3;
const WORDS = 4;

/** Sentences of the first words in a vocabulary, which are the most common ones. */
function wordsOf(tokeniser: Tokeniser): string[] {
  const words: string[] = [];
  for (let id = 0; id < tokeniser.size && words.length < SENTENCES * WORDS; id++) {
    const piece = tokeniser.piece(id);
    if (/^\u2581\p{L}[\p{L}\d]+$/u.test(piece)) words.push(piece.slice(1));
  }
  return Array.from({ length: SENTENCES }, (_, i) => words.slice(i * WORDS, (i + 1) * WORDS).join(' ')).filter(Boolean);
}

/** Sums up a few sentences in a few words. */
async function summarises(stored: OpenModel, signal: AbortSignal): Promise<boolean> {
  const summariser = await loadSummariser(stored, await startTrial(), signal);
  const text = [...phrases('en'), ...wordsOf(summariser.tokeniser)].join(' ');
  return (await summariseText(summariser, text, { length: 'short', signal })).text !== '';
}

/** Looks at a grey picture. */
async function describes(stored: OpenModel, signal: AbortSignal): Promise<boolean> {
  const { form, describe } = await loadCaptioner(stored, await startTrial(), signal);
  const grey = new Float32Array(3 * form.size * form.size);
  const { text, score } = await describe(grey, { beams: 1, alternatives: 0, signal });
  return text !== '' && Number.isFinite(score);
}

const TONE_HZ = 440;
const LOUDNESS = 0.3;
/** After the sound. */
const SILENT_FRAMES = 2 * SILENT_ROWS;

/** Hears a second of silence and one of a tone: there may be nothing to write down, but what is written has to be text. */
async function hears(stored: OpenModel, signal: AbortSignal): Promise<boolean> {
  const { model, manifest, logMel } = await loadRecogniser(stored, await startTrial(), signal);
  const { architecture } = manifest;
  const { sotId, languageIds, transcribeId } = architecture;
  const [languageId] = Object.values(languageIds);
  const heard = Math.min(SAMPLE_RATE_HZ / HOP_SAMPLES, architecture.frames);
  const silence = new Float32Array(heard * HOP_SAMPLES);
  const tone = silence.map((_, i) => LOUDNESS * Math.sin((2 * Math.PI * TONE_HZ * i) / SAMPLE_RATE_HZ));
  const frames = Math.min(heard + SILENT_FRAMES, architecture.frames);
  const windows = await model.hear(
    [silence, tone].map((samples) => ({ ...logMel.extract(samples, frames), heard })),
    signal,
  );
  const chances = Object.keys(languageIds).length > 0 ? await model.languages(windows, signal) : [];
  const utterances = windows.map((features) => ({ features, durationS: 1 }));
  const found = await recognise(model, utterances, {
    architecture,
    prompt: Int32Array.from([sotId, languageId, transcribeId].filter((id) => typeof id === 'number')),
    beams: 1,
    temperatures: [],
    compressionRatio: () => Promise.resolve(1),
    signal,
  });
  if (!chances.every((each) => each.every(Number.isFinite))) return false;
  return found.every(
    ({ noSpeech, hypothesis: { score, logProbs } }) =>
      noSpeech >= 0 && noSpeech <= 1 && Number.isFinite(score) && logProbs.every(Number.isFinite),
  );
}
