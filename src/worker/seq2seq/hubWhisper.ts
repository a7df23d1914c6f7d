import { throwIfAborted } from '../../protocol/errors.ts';
import type { HubWhisperArchitecture } from '../../protocol/manifest.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { HubDecoder, logitsOf, type HubGraphs, type HubRows } from './hubDecoder.ts';
import { HIDDEN, hiddenOf } from './hubEncoders.ts';
import { logSoftmaxRows } from './logits.ts';
import type { StartOptions, StepModel, StepOutput } from './model.ts';
import type { HearingModel } from './recognise.ts';
import { concatenate } from './search.ts';
import type { Tensors } from './tensors.ts';
import { promptsOf, type HeardWindow, type Mel } from './whisperMemory.ts';

/** A batch of windows being decoded. Rows are source-major. */
export interface HubWhisperState {
  /** Of each window, as the batch began, the probability that nobody speaks. */
  noSpeech: Float32Array;
  rows: HubRows;
  /** What the prompt led to, until the first step. */
  prompted: StepOutput | null;
}

/**
 * A Whisper in the layout of transformers.js behind the decoder contract: `step` gives log-probabilities before any rule. It
 * always hears the whole context, because its position tables want that. Attention is that of the alignment heads:
 * [heads, frames / 2] of each id, where the graphs give it.
 */
export class HubWhisperModel implements HearingModel, StepModel<HeardWindow, HubWhisperState> {
  readonly maxTokens: number;
  readonly eosId: number;
  readonly #encoder: Session;
  readonly #decoder: HubDecoder;
  readonly #architecture: HubWhisperArchitecture;

  constructor({ encoder, ...graphs }: HubGraphs, architecture: HubWhisperArchitecture) {
    const layers = new Set(architecture.alignmentHeads.map(([layer]) => layer));
    this.#encoder = encoder;
    this.#decoder = new HubDecoder(graphs, architecture, [...layers]);
    this.#architecture = architecture;
    this.maxTokens = architecture.positions;
    this.eosId = architecture.eotId;
  }

  /** Runs the encoder, one window a run: between them an abort is let in. */
  async hear(windows: readonly Mel[], signal: AbortSignal): Promise<HeardWindow[]> {
    const heard: HeardWindow[] = [];
    for (const mel of windows) {
      const feeds = { input_features: wholeWindow(mel, this.#architecture) };
      heard.push({ memory: await this.#encoder.run(feeds, signal, [HIDDEN]), bias: new Float32Array() });
    }
    return heard;
  }

  async languages(windows: readonly HeardWindow[], signal: AbortSignal): Promise<Float32Array[]> {
    const { sotId, vocabulary, languageIds } = this.#architecture;
    const rows = this.#decoder.begin(together(windows), null, 1);
    const results = await this.#decoder.read(promptsOf(windows, Int32Array.of(sotId)), rows, signal);
    this.#decoder.dispose(rows);
    const logits = logitsOf(results, vocabulary);
    return windows.map((_, row) => {
      const own = Float32Array.from(Object.values(languageIds), (id) => logits[row * vocabulary + id] ?? -Infinity);
      return logSoftmaxRows(own, own.length).map(Math.exp);
    });
  }

  /** @param options `prompt` begins with the start of the transcript, `[sot]` or `[sot, language, task]` */
  async start(windows: HeardWindow[], { beams, prompt, signal }: StartOptions): Promise<HubWhisperState> {
    const { sotId, noSpeechId, vocabulary } = this.#architecture;
    if (prompt[0] !== sotId) throw new RangeError('The prompt of a Whisper begins with the start of the transcript.');
    const rows = this.#decoder.begin(together(windows), null, beams);
    const results = await this.#decoder.read(promptsOf(windows, prompt), rows, signal);
    const starts = logSoftmaxRows(logitsOf(results, vocabulary, 0), vocabulary);
    const noSpeech = Float32Array.from(windows, (_, i) => Math.exp(starts[i * beams * vocabulary + noSpeechId] ?? NaN));
    return { noSpeech, rows, prompted: this.#scored(results, rows) };
  }

  async step(ids: Int32Array, state: HubWhisperState, signal: AbortSignal): Promise<StepOutput> {
    throwIfAborted(signal);
    const { prompted, rows } = state;
    state.prompted = null;
    return prompted ?? this.#scored(await this.#decoder.next(ids, rows, signal), rows);
  }

  select({ rows }: HubWhisperState, order: Int32Array): void {
    this.#decoder.select(rows, order);
  }

  dispose({ rows }: HubWhisperState): void {
    this.#decoder.dispose(rows);
  }

  #scored(results: Tensors, { sources, beams }: HubRows): StepOutput {
    const { vocabulary, alignmentHeads, frames } = this.#architecture;
    const logProbs = logSoftmaxRows(logitsOf(results, vocabulary), vocabulary);
    if (alignmentHeads.length === 0) return { logProbs, width: vocabulary };
    const attention = Array.from({ length: sources * beams }, (_, row) =>
      alignmentHeads.map(([layer, head]) => this.#decoder.attention(results, row, layer, head)),
    );
    const sourceLength = (alignmentHeads.length * frames) / 2;
    return { logProbs, width: vocabulary, attention: concatenate(attention.flat(), frames / 2), sourceLength };
  }
}

/** Features of as many frames as the model wants: where the window ends before, silence goes on as in its last frame. */
function wholeWindow({ data, frames }: Mel, { mels, frames: all }: HubWhisperArchitecture): Tensor {
  const whole = new Float32Array(mels * all);
  for (let band = 0; band < mels; band++) {
    whole.set(data.subarray(band * frames, (band + 1) * frames), band * all);
    whole.fill(data[(band + 1) * frames - 1] ?? 0, band * all + frames, (band + 1) * all);
  }
  return { type: 'float32', data: whole, dims: [1, mels, all] };
}

/** What was heard of several windows: [windows, frames / 2, dim]. */
function together(windows: readonly HeardWindow[]): Tensor {
  const all = windows.map(({ memory }) => hiddenOf(memory));
  const [first] = all;
  if (!first) throw new RangeError('There is no window to write down.');
  const width = first.data.length;
  const data = new Float32Array(all.length * width);
  all.forEach((tensor, i) => {
    if (tensor.type === 'float32') data.set(tensor.data, i * width);
  });
  return { type: 'float32', data, dims: [all.length, ...first.dims.slice(1)] };
}
