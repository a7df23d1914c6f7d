import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import type { ConvertedModel } from '../../src/convert/converted.ts';
import { realTokens, REAL_LANGUAGES } from '../../src/convert/whisper.fixture.ts';
import { convertWhisper } from '../../src/convert/whisper.ts';
import type { WhisperArchitecture } from '../../src/protocol/manifest.ts';
import { tokenOnsets } from '../../src/worker/features/wordTimes.ts';
import { beamSearch } from '../../src/worker/seq2seq/beam.ts';
import { greedySearch } from '../../src/worker/seq2seq/greedy.ts';
import { floats, type Tensors } from '../../src/worker/seq2seq/tensors.ts';
import { WhisperModel } from '../../src/worker/seq2seq/whisper.ts';
import type { HeardWindow, Mel } from '../../src/worker/seq2seq/whisperMemory.ts';
import { whisperRules } from '../../src/worker/seq2seq/whisperRules.ts';
import type { Session } from '../../src/worker/runtime/session.ts';
import { openOnNode } from './session.ts';

const numbers = v.array(v.number());
/** Whispers of every shape, and what CTranslate2 itself makes of them (scripts/reference/ctranslate2_whisper_golden.py). */
const goldenSchema = v.array(
  v.object({
    name: v.string(),
    languages: v.picklist([0, 99, 100]),
    config: v.record(v.string(), v.unknown()),
    /** In hexadecimal digits. */
    model: v.string(),
    windows: v.array(
      v.object({
        kind: v.number(),
        encoded: v.array(numbers),
        languages: v.optional(v.record(v.string(), v.number())),
        written: v.array(
          v.object({
            prompt: numbers,
            task: v.string(),
            beams: v.number(),
            ids: numbers,
            score: v.number(),
            noSpeech: v.number(),
          }),
        ),
        aligned: v.optional(
          v.object({ prompt: numbers, text: numbers, probabilities: numbers, onsets: v.array(v.number()) }),
        ),
      }),
    ),
  }),
);
export type WhisperCase = v.InferOutput<typeof goldenSchema>[number];
type WindowCase = WhisperCase['windows'][number];

export const whisperGolden = v.parse(
  goldenSchema,
  JSON.parse(gunzipSync(readFileSync(new URL('whisper.golden.json.gz', import.meta.url))).toString()),
);

/** As BCP-47 has them. */
export const REAL_TAGS = REAL_LANGUAGES.map((tag) => ({ jw: 'jv', tl: 'fil' })[tag] ?? tag);

/** How far our graphs are from CTranslate2. */
export interface WhisperComparison {
  /** Largest difference of a value of the encoder's output. */
  encoded: number;
  /** Of a probability of a language. */
  languages: number;
  /** Of a log-probability of a given text's tokens. */
  logProb: number;
  /** Whether the same is written: of how many searches, with one hypothesis and with five. */
  greedy: [same: number, all: number];
  beams: [same: number, all: number];
  /** Tokens of a given text that begin within two frames (40 ms) of where CTranslate2 has them begin. */
  onsets: [same: number, all: number];
}

export function convertWhisperCase({ languages, config, model }: WhisperCase): ConvertedModel<WhisperArchitecture> {
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return convertWhisper({
    model: new Uint8Array(Buffer.from(model, 'hex')),
    config: text(config),
    vocabulary: text(realTokens(languages)),
  });
}

const { signal } = new AbortController();
/** As the golden file's. */
const MOST_TOKENS = 24;
const BEAMS = 5;
const ROW_STEP = 20;
const NEAR_FRAMES = 2;

/** What the graphs make of a case, beside what CTranslate2 makes of it. @param suffix which graphs: `` in 8 bits, `.webgpu` in floats */
export async function compareWhisper(one: WhisperCase, suffix: '' | '.webgpu'): Promise<WhisperComparison> {
  const { architecture, parts } = convertWhisperCase(one);
  const part = (file: string): Uint8Array => {
    const found = parts.find((each) => each.file === file);
    if (!found) throw new Error(`there is no ${file}`);
    return found.bytes;
  };
  const open = (role: string): Promise<Session> => openOnNode(part(`${role}${suffix}.onnx`), part('weights.bin'));
  const [encoder, decoder, step] = [await open('encoder'), await open('decoder'), await open('step')];
  const model = new WhisperModel({ encoder, decoder, step: () => Promise.resolve(step) }, architecture);
  const result: WhisperComparison = {
    encoded: 0,
    languages: 0,
    logProb: 0,
    greedy: [0, 0],
    beams: [0, 0],
    onsets: [0, 0],
  };
  for (const window of one.windows) {
    const mel = features(architecture, window.kind);
    result.encoded = Math.max(result.encoded, await encodedOff(architecture, encoder, mel, window));
    const heard = await model.hear([mel], signal);
    if (window.languages) {
      const [chances = new Float32Array()] = await model.languages(heard, signal);
      REAL_LANGUAGES.slice(0, one.languages).forEach((tag, i) => {
        result.languages = Math.max(result.languages, Math.abs((chances[i] ?? NaN) - (window.languages?.[tag] ?? NaN)));
      });
    }
    for (const { prompt, beams, ids } of window.written) {
      const found = await write(model, architecture, heard, prompt, beams);
      const count = beams === 1 ? result.greedy : result.beams;
      count[1]++;
      if (found.join(' ') === ids.join(' ')) count[0]++;
    }
    if (window.aligned) await compareAligned(model, architecture, heard, window.aligned, result);
  }
  return result;
}

/** The features of the reference, without silence at the end. */
function features({ mels, frames }: WhisperArchitecture, kind: number): Mel {
  const data = Float32Array.from({ length: mels * frames }, (_, i) => {
    const [b, t] = [Math.floor(i / frames), i % frames];
    return Math.sin(0.37 * b * (1 + kind) + 0.11 * t * (1 + 0.05 * b)) * (0.6 + 0.4 * Math.sin(0.05 * t + kind));
  });
  return { data, frames, heard: frames };
}

async function encodedOff(
  { mels, dim }: WhisperArchitecture,
  encoder: Session,
  { data, frames }: Mel,
  window: WindowCase,
): Promise<number> {
  const places = Int32Array.from({ length: frames / 2 }, (_, i) => i);
  const each = { type: 'int32' as const, data: places, dims: [places.length] };
  const feeds: Tensors = {
    mel: { type: 'float32', data, dims: [mels, frames] },
    rows: each,
    places: each,
    bias: { type: 'float32', data: new Float32Array(places.length), dims: each.dims },
  };
  const encoded = floats(await encoder.run(feeds, signal, ['encoded']), 'encoded');
  const off = window.encoded.flatMap((row, i) =>
    row.map((value, column) => Math.abs(value - (encoded[ROW_STEP * i * dim + column] ?? NaN))),
  );
  return Math.max(...off);
}

/** What search writes, as CTranslate2's `generate` does. */
async function write(
  model: WhisperModel,
  architecture: WhisperArchitecture,
  heard: HeardWindow[],
  prompt: number[],
  beams: number,
): Promise<number[]> {
  const rules = whisperRules(architecture, new Int32Array());
  const sources = heard.map((features) => ({ features, maxTokens: MOST_TOKENS, processors: [rules] }));
  const options = { prompt: Int32Array.from(prompt), signal };
  const found =
    beams === 1
      ? await greedySearch(model, sources, { ...options, tokensPerCall: 8, callMs: 1000, isLooping: () => false })
      : await beamSearch(model, sources, { ...options, beams: BEAMS, hypotheses: 1, lengthPenalty: 1, enough: BEAMS });
  return [...(found[0]?.hypotheses[0]?.ids ?? [])];
}

/** Gives the text token by token, and takes down what was thought of each, and where the heads of time looked. */
async function compareAligned(
  model: WhisperModel,
  architecture: WhisperArchitecture,
  heard: HeardWindow[],
  { prompt, text, probabilities, onsets }: NonNullable<WindowCase['aligned']>,
  result: WhisperComparison,
): Promise<void> {
  const state = await model.start(heard, { beams: 1, prompt: Int32Array.from(prompt), signal });
  const heads = architecture.alignmentHeads.length;
  const frames = architecture.frames / 2;
  const attention: number[] = [];
  for (const [t, id] of [...text, architecture.eotId].entries()) {
    const scores = await model.step(Int32Array.of(text[t - 1] ?? 0), state, signal);
    attention.push(...(scores.attention ?? []));
    // CTranslate2's are among words alone.
    const words = scores.logProbs.slice(0, architecture.eotId);
    const sum = words.reduce((total, logProb) => total + Math.exp(logProb), 0);
    const logProb = (words[id] ?? NaN) - Math.log(sum);
    const wanted = probabilities[t];
    if (wanted !== undefined) result.logProb = Math.max(result.logProb, Math.abs(logProb - Math.log(wanted)));
  }
  const own = tokenOnsets(
    { attention: Float32Array.from(attention), tokens: text.length + 1, heads, frames },
    0,
    frames,
  );
  onsets.forEach((frame, i) => {
    result.onsets[1]++;
    if (Math.abs((own[i] ?? Infinity) - frame) <= NEAR_FRAMES) result.onsets[0]++;
  });
}
