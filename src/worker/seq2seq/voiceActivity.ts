import type { VoiceActivityArchitecture } from '../../protocol/manifest.ts';
import type { Provider } from '../../protocol/types.ts';
import { openSession } from '../runtime/openSession.ts';
import type { Session } from '../runtime/session.ts';
import { floats } from './tensors.ts';

export interface OpenVoiceActivityOptions {
  architecture: VoiceActivityArchitecture;
  /** The bytes of the model's part of this role: `weights` and `voice`. */
  part(role: string): Promise<Uint8Array>;
  provider: Provider;
  threads: number;
  /** The WASM instance that it lives in; see SessionSource. */
  lane: number;
  signal: AbortSignal;
}

/** Width of the recurrent state: its hidden values and its cells. */
const STATE = 128;
/** Half a minute: what is judged in one run, so that long audio takes no more memory than that. */
const WINDOWS_A_RUN = 1024;

/** @throws EngineError what `part` and `openSession` throw */
export async function openVoiceActivity(options: OpenVoiceActivityOptions): Promise<VoiceActivityModel> {
  const { architecture, part, provider, threads, lane, signal } = options;
  const [graph, data] = await Promise.all([part('voice'), part('weights')]);
  const weights = [{ path: 'weights.bin', data }];
  return new VoiceActivityModel(await openSession({ graph, weights, provider, threads, lane }, signal), architecture);
}

/** Says of each window of a stream of sound how likely it is that somebody speaks in it. One call at a time. */
export class VoiceActivityModel {
  readonly windowSamples: number;
  readonly #session: Session;
  readonly #contextSamples: number;
  #state = new Float32Array(2 * STATE);
  /** The end of what was judged, and what is not judged yet. */
  #kept: Float32Array;

  constructor(session: Session, { windowSamples, contextSamples }: VoiceActivityArchitecture) {
    this.#session = session;
    this.windowSamples = windowSamples;
    this.#contextSamples = contextSamples;
    this.#kept = new Float32Array(contextSamples);
  }

  /**
   * @param samples the next ones, at the model's rate. Those that do not fill a window are kept for the next call.
   * @returns a probability for each window that is now full
   */
  async probabilities(samples: Float32Array, signal = new AbortController().signal): Promise<Float32Array> {
    const context = this.#contextSamples;
    const sound = new Float32Array(this.#kept.length + samples.length);
    sound.set(this.#kept);
    sound.set(samples, this.#kept.length);
    const count = Math.floor((sound.length - context) / this.windowSamples);
    const probabilities = new Float32Array(count);
    let state = this.#state;
    for (let first = 0; first < count; first += WINDOWS_A_RUN) {
      const windows = this.#windows(sound, first, Math.min(WINDOWS_A_RUN, count - first));
      const results = await this.#session.run(
        {
          windows: {
            type: 'float32',
            data: windows,
            dims: [windows.length / (context + this.windowSamples), context + this.windowSamples],
          },
          state: { type: 'float32', data: state, dims: [2, 1, STATE] },
        },
        signal,
      );
      probabilities.set(floats(results, 'probabilities'), first);
      state = Float32Array.from(floats(results, 'state.out'));
    }
    this.#state = state;
    this.#kept = sound.slice(count * this.windowSamples);
    return probabilities;
  }

  /** Forgets what came before: the next samples begin a new stream. */
  reset(): void {
    this.#state = new Float32Array(2 * STATE);
    this.#kept = new Float32Array(this.#contextSamples);
  }

  /** Each window with the samples before it, one after another. */
  #windows(sound: Float32Array, first: number, count: number): Float32Array {
    const width = this.#contextSamples + this.windowSamples;
    const windows = new Float32Array(count * width);
    for (let i = 0; i < count; i++) {
      const from = (first + i) * this.windowSamples;
      windows.set(sound.subarray(from, from + width), i * width);
    }
    return windows;
  }
}
