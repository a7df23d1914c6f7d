import { EngineError } from '../protocol/errors.ts';
import type { ProviderChoice, Samples } from '../protocol/messages.ts';

/** What the public API is given comes from scripts too: nothing is taken for what its type says. */

function refuse(sentence: string): never {
  throw new EngineError('bad-input', sentence);
}

export function checkTexts(input: unknown): void {
  if (typeof input === 'string') return;
  if (Array.isArray(input) && input.every((text) => typeof text === 'string')) return;
  refuse('The text to translate must be a string or an array of strings.');
}

/** A BCP-47 tag in its canonical form. */
export function checkLanguage(value: unknown, name: 'from' | 'to' | 'language'): string {
  const hint = `"${name}" must be a language tag such as "en" or "pt-BR"${name === 'to' ? '' : ', or "auto"'}`;
  if (typeof value !== 'string') return refuse(`${hint}.`);
  try {
    const [tag] = Intl.getCanonicalLocales(value);
    if (tag !== undefined) return tag;
  } catch {
    // Said below.
  }
  return refuse(`${hint}, not ${JSON.stringify(value)}.`);
}

/** A whole number within bounds; `fallback` where it is absent. */
export function checkCount(value: unknown, name: string, [least, most]: [number, number], fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`"${name}" must be a whole number from ${least} to ${most}.`);
}

/** A time in a recording; 0 where it is absent. */
export function checkSeconds(value: unknown, name: string): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  return refuse(`"${name}" must be a number of seconds, 0 or more.`);
}

export function checkGlossary(value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isTermPair)) return value;
  return refuse('"glossary" must be an array of [source term, target term] pairs, none of them empty.');
}

function isTermPair(pair: unknown): pair is [string, string] {
  return (
    Array.isArray(pair) && pair.length === 2 && pair.every((term) => typeof term === 'string' && term.trim() !== '')
  );
}

export function checkProvider(value: unknown): ProviderChoice {
  if (value === undefined) return 'auto';
  if (value === 'auto' || value === 'wasm' || value === 'webgpu') return value;
  return refuse('"provider" must be "auto", "wasm" or "webgpu".');
}

export function checkId(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  return refuse('A model is named by its id, such as "en-pt": models.list() gives them.');
}

export function checkSignal(value: unknown): void {
  if (value === undefined || value instanceof AbortSignal) return;
  refuse('"signal" must be an AbortSignal.');
}

/** Sample rates that sound comes in. */
const SAMPLE_RATES_HZ = [4000, 768_000] as const;

export function checkAudio(audio: unknown): asserts audio is Blob | Samples {
  if (audio instanceof Blob) {
    if (audio.size === 0) refuse('The file is empty: it has 0 bytes.');
    return;
  }
  const { samples, sampleRateHz } = (typeof audio === 'object' && audio !== null ? audio : {}) as Partial<Samples>;
  if (!(samples instanceof Float32Array) || typeof sampleRateHz !== 'number') {
    return refuse('The audio must be a Blob (a File, for example) or { samples: Float32Array, sampleRateHz }.');
  }
  if (samples.length === 0) refuse('There is nothing to hear: the audio has 0 samples.');
  const [least, most] = SAMPLE_RATES_HZ;
  if (!(sampleRateHz >= least && sampleRateHz <= most)) {
    refuse(`"sampleRateHz" must be from ${least} to ${most}, not ${sampleRateHz}.`);
  }
}

export function checkImage(image: unknown): asserts image is Blob | ImageBitmap | ImageData {
  if (image instanceof Blob) {
    if (image.size === 0) refuse('The file is empty: it has 0 bytes.');
    return;
  }
  if (image instanceof ImageData) return;
  if (!(image instanceof ImageBitmap)) {
    return refuse('The picture must be a Blob (a File, for example), an ImageBitmap or an ImageData.');
  }
  if (image.width === 0) refuse('The bitmap was closed or given away: make a new one.');
}

export function checkStream(stream: unknown): asserts stream is MediaStream {
  if (!(stream instanceof MediaStream)) return refuse('What is listened to must be a MediaStream.');
  if (stream.getAudioTracks().some(({ readyState }) => readyState === 'live')) return;
  refuse('The stream has no live audio track. For the sound of a tab, tick "share audio" when you choose it.');
}

/** A spoken language; `auto` where nothing is said. */
export function checkSpoken(value: unknown): string {
  return value === undefined || value === 'auto' ? 'auto' : checkLanguage(value, 'language');
}

/** Several languages; none where they are absent. */
export function checkLanguages(value: unknown, name: string): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((tag) => checkLanguage(tag, 'language'));
  return refuse(`"${name}" must be an array of language tags.`);
}

/** One of a closed set of words; the first of them where it is absent. */
export function checkChoice<T extends string>(value: unknown, name: string, choices: readonly [T, ...T[]]): T {
  if (value === undefined) return choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  return refuse(`"${name}" must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}.`);
}
