import { throwIfAborted } from '../../protocol/errors.ts';
import type { WhisperArchitecture } from '../../protocol/manifest.ts';
import type { HeldTensors, Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import type { GreedyOutput, StartOptions, StepModel, StepOutput } from './model.ts';
import { hearWindow, promptsOf, together, type HeardWindow, type Mel } from './whisperMemory.ts';
import { floats, gatherHeld, gatherRows, integers, letGo, placed, type Tensors } from './tensors.ts';

/** The graphs of a Whisper, as src/convert/whisper.ts describes them. */
export interface WhisperGraphs {
  encoder: Session;
  /** The prompt, and several greedy tokens a call. */
  decoder: Session;
  /** One token with all log-probabilities; opened when it is first needed. */
  step(): Promise<Session>;
}

/** A batch of windows being decoded. Rows are source-major. */
export interface WhisperState {
  beams: number;
  /** Of each source, the probability that nobody speaks. */
  noSpeech: Float32Array;
  /** What the encoder heard of each source: axis 0 of all. On WebGPU in its memory. */
  memory: HeldTensors;
  /** Keys and values of the tokens before the last one: axis 0 is the row. On WebGPU in its memory. */
  cache: HeldTensors;
  /** The last id of each row. */
  previous: Int32Array;
  /** What the timestamp rules know of each row: see src/convert/timestampRules.ts. */
  before: Int32Array;
  lastTime: Int32Array;
  mostTime: number;
  /** Ids of the prompt after the start of the transcript: they count as chosen. */
  sampled: number;
  /** Ids chosen since. */
  made: number;
}

/**
 * A Whisper behind the decoder contract. `greedy` keeps Whisper's rules for suppressed tokens and timestamps; `step` gives
 * log-probabilities before any rule. Attention is that of the alignment heads: [heads, frames / 2] of each id.
 */
export class WhisperModel implements StepModel<HeardWindow, WhisperState> {
  readonly maxTokens: number;
  readonly eosId: number;
  readonly #graphs: WhisperGraphs;
  readonly #architecture: WhisperArchitecture;

  constructor(graphs: WhisperGraphs, architecture: WhisperArchitecture) {
    this.#graphs = graphs;
    this.#architecture = architecture;
    this.maxTokens = architecture.positions;
    this.eosId = architecture.eotId;
  }

  /** Runs the encoder, one window a run: between them an abort is let in. */
  async hear(windows: readonly Mel[], signal: AbortSignal): Promise<HeardWindow[]> {
    const heard: HeardWindow[] = [];
    for (const mel of windows) heard.push(await hearWindow(this.#graphs.encoder, this.#architecture, mel, signal));
    return heard;
  }

  /**
   * How likely each language is to be the one that is spoken in each window: what the model expects after the start of the
   * transcript, of languages alone (openai/whisper `detect_language`). One run of the decoder.
   * @returns for each window [languages], in the order of the architecture's `languageIds`; sums to 1
   */
  async languages(windows: readonly HeardWindow[], signal: AbortSignal): Promise<Float32Array[]> {
    const prompt = Int32Array.of(this.#architecture.sotId);
    const { state, starts } = await this.#prompted(await this.#newState(windows, 1, prompt), windows, prompt, signal);
    this.dispose(state);
    return starts.map((chances) => {
      const languages = chances.subarray(1);
      const sum = languages.reduce((total, chance) => total + chance, 0);
      return languages.map((chance) => chance / sum);
    });
  }

  /**
   * @param options `prompt` begins with the start of the transcript, `[sot]` or `[sot, language, task]`. What follows counts as
   *   chosen before. With the id of <|notimestamps|> in it there are no times.
   */
  async start(windows: HeardWindow[], { beams, prompt, signal }: StartOptions): Promise<WhisperState> {
    if (prompt[0] !== this.#architecture.sotId)
      throw new RangeError('The prompt of a Whisper begins with the start of the transcript.');
    const { state, starts } = await this.#prompted(
      await this.#newState(windows, beams, prompt),
      windows,
      prompt,
      signal,
    );
    state.noSpeech = Float32Array.from(starts, ([noSpeech = 0]) => noSpeech);
    if (beams > 1) {
      const rows = Int32Array.from({ length: windows.length * beams }, (_, row) => Math.floor(row / beams));
      await selectRows(state, rows);
    }
    return state;
  }

  async step(ids: Int32Array, state: WhisperState, signal: AbortSignal): Promise<StepOutput> {
    throwIfAborted(signal);
    if (state.made > 0) state.previous = ids;
    const rows = state.previous.length;
    const previous: Tensor = { type: 'int32', data: state.previous, dims: [rows / state.beams, state.beams] };
    const step = await this.#graphs.step();
    const results = await step.runHeld({ previous, ...state.memory, ...state.cache }, signal);
    keepCache(state, results);
    state.made++;
    const attention = floats(results, 'attention');
    return {
      logProbs: floats(results, 'log_probs'),
      width: this.#architecture.vocabulary,
      attention,
      sourceLength: attention.length / rows,
    };
  }

  async greedy(state: WhisperState, tokens: number, signal: AbortSignal): Promise<GreedyOutput> {
    const rows = state.previous.length;
    const previous: Tensor = { type: 'int32', data: state.previous, dims: [rows, 1] };
    const room = this.maxTokens - cachedTokens(state);
    const results = await this.#graphs.decoder.runHeld(this.#feeds(state, previous, Math.min(tokens, room)), signal);
    keepCache(state, results);
    const ids = integers(results, 'ids');
    const logProbs = floats(results, 'log_probs');
    const attention = floats(results, 'attention');
    const made = ids.length / rows;
    const width = attention.length / ids.length;
    const output: Required<GreedyOutput> = { ids: [], logProbs: [], attention: [] };
    for (let row = 0; row < rows; row++) {
      const rowIds = Int32Array.from({ length: made }, (_, t) => ids[t * rows + row] ?? this.eosId);
      this.#follow(state, row, rowIds);
      const end = rowIds.indexOf(this.eosId);
      const count = end < 0 ? made : end + 1;
      const rowAttention = new Float32Array(count * width);
      for (let t = 0; t < count; t++) {
        const at = (t * rows + row) * width;
        rowAttention.set(attention.subarray(at, at + width), t * width);
      }
      output.ids.push(rowIds.subarray(0, count));
      output.logProbs.push(Float32Array.from({ length: count }, (_, t) => logProbs[t * rows + row] ?? 0));
      output.attention.push(rowAttention);
    }
    state.made += made;
    return output;
  }

  async select(state: WhisperState, rows: Int32Array): Promise<void> {
    const { beams } = state;
    const sources = rows.filter((_, i) => i % beams === 0).map((row) => Math.floor(row / beams));
    if (sources.length < state.noSpeech.length) {
      await gatherHeld(state.memory, sources);
      state.noSpeech = gatherRows(state.noSpeech, sources, 1, new Float32Array(sources.length));
    }
    await selectRows(state, rows);
  }

  dispose(state: WhisperState): void {
    letGo(state.memory);
    letGo(state.cache);
  }

  /** A batch before anything is said in it. */
  async #newState(windows: readonly HeardWindow[], beams: number, prompt: Int32Array): Promise<WhisperState> {
    const { sotId, timestampBeginId, noTimestampsId, vocabulary, languageIds } = this.#architecture;
    const withoutTimes = prompt.includes(noTimestampsId);
    const begun = (Object.keys(languageIds).length > 0 ? 3 : 1) + (withoutTimes ? 1 : 0);
    const chosen = prompt.slice(begun);
    const times = chosen.filter((id) => id >= timestampBeginId);
    const count = windows.length;
    const filled = (id: number): Int32Array => new Int32Array(count).fill(id);
    return {
      beams,
      noSpeech: new Float32Array(count),
      memory: await placed(together(windows, this.#architecture), this.#graphs.decoder),
      cache: this.#emptyCache(count),
      previous: filled(prompt.at(-1) ?? sotId),
      before: filled((chosen.length < 2 ? undefined : chosen.at(-2)) ?? timestampBeginId),
      lastTime: filled(times.at(-1) ?? timestampBeginId - 1),
      mostTime: withoutTimes ? timestampBeginId - 1 : vocabulary - 1,
      sampled: chosen.length,
      made: 0,
    };
  }

  /** Reads the prompt. `starts`: of each window the chances after its first token, of no speech and of each language. */
  async #prompted(
    state: WhisperState,
    windows: readonly HeardWindow[],
    prompt: Int32Array,
    signal: AbortSignal,
  ): Promise<{ state: WhisperState; starts: Float32Array[] }> {
    const count = windows.length;
    const tokens = Int32Array.from(promptsOf(windows, prompt).flat());
    const wanted = ['starts', ...Object.keys(state.cache).map((name) => `${name}.out`)];
    const feeds = this.#feeds(state, { type: 'int32', data: tokens, dims: [count, prompt.length] }, 0);
    let results: HeldTensors;
    try {
      results = await this.#graphs.decoder.runHeld(feeds, signal, wanted);
    } catch (error) {
      this.dispose(state);
      throw error;
    }
    keepCache(state, results);
    const starts = floats(results, 'starts');
    const width = starts.length / count;
    return { state, starts: windows.map((_, row) => starts.subarray(row * width, (row + 1) * width)) };
  }

  #emptyCache(sources: number): Tensors {
    const { dim, heads, decoderLayers } = this.#architecture;
    const empty = (dims: number[]): Tensor => ({ type: 'float32', data: new Float32Array(), dims });
    const layers = Array.from({ length: decoderLayers }, (_, i): [string, Tensor][] => [
      [`cache.keys.${i + 1}`, empty([sources, heads, dim / heads, 0])],
      [`cache.values.${i + 1}`, empty([sources, heads, 0, dim / heads])],
    ]);
    return Object.fromEntries(layers.flat());
  }

  #feeds(state: WhisperState, tokens: Tensor, steps: number): HeldTensors {
    const dims = [state.before.length];
    return {
      tokens,
      steps: { type: 'int64', data: BigInt64Array.of(BigInt(steps)), dims: [] },
      before: { type: 'int32', data: state.before, dims },
      last_time: { type: 'int32', data: state.lastTime, dims },
      most_time: { type: 'int32', data: Int32Array.of(state.mostTime), dims: [] },
      sampled: { type: 'int64', data: BigInt64Array.of(BigInt(state.sampled + state.made)), dims: [] },
      ...state.memory,
      ...state.cache,
    };
  }

  /** What the next call must know of a row that went on with these ids. */
  #follow(state: WhisperState, row: number, ids: Int32Array): void {
    const { timestampBeginId } = this.#architecture;
    const last = ids.at(-1);
    if (last === undefined) return;
    // The one id before the first one chosen is part of the prompt, and counts as a time.
    if (ids.length > 1 || state.sampled + state.made > 0) state.before[row] = ids.at(-2) ?? state.previous[row] ?? last;
    state.previous[row] = last;
    state.lastTime[row] = ids.findLast((id) => id >= timestampBeginId) ?? state.lastTime[row] ?? timestampBeginId - 1;
  }
}

function cachedTokens({ cache }: WhisperState): number {
  return cache['cache.keys.1']?.dims[3] ?? 0;
}

/** That of the run before has been read. */
function keepCache(state: WhisperState, results: HeldTensors): void {
  for (const [name, before] of Object.entries(state.cache)) {
    const grown = results[`${name}.out`];
    if (!grown) throw new Error(`The graph gave no ${name}.`);
    if (before.type === 'device') before.dispose();
    state.cache[name] = grown;
  }
}

async function selectRows(state: WhisperState, rows: Int32Array): Promise<void> {
  await gatherHeld(state.cache, rows);
  for (const key of ['previous', 'before', 'lastTime'] as const)
    state[key] = gatherRows(state[key], rows, 1, new Int32Array(rows.length));
}
