import type { WhisperArchitecture } from '../../protocol/manifest.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { audioContext } from './audioContext.ts';
import type { Tensors } from './tensors.ts';

/** Log-mel features of one window. */
export interface Mel {
  /** [mels, frames] */
  data: Float32Array;
  /** Of 10 ms each. Even, and at most the architecture's. */
  frames: number;
  /** Frames until the sound ends. Where 2 * SILENT_ROWS or more of silence follow, the window is heard as if silence went on. */
  heard: number;
}

/** What the encoder heard of one window: any number of searches start from it. */
export interface HeardWindow {
  /** Keys and values of every decoder layer, [1, ...], and their scales; of a Whisper of the Hub, what they are made from. */
  memory: Tensors;
  /** [places]: is added to the scores of attention; empty where every place stands for itself. */
  bias: Float32Array;
  /** The token of the language that is spoken in it: takes the place of the prompt's own. */
  languageId?: number;
}

/** Where a multilingual prompt has its language. */
const LANGUAGE_PLACE = 1;

/** The prompt of each window, in its own language. */
export function promptsOf(windows: readonly HeardWindow[], prompt: Int32Array): number[][] {
  return windows.map(({ languageId }) => [
    ...(prompt.length > 1 && languageId !== undefined ? prompt.with(LANGUAGE_PLACE, languageId) : prompt),
  ]);
}

/** Below any score of attention, and finite: nothing is heard at a place that a shorter window does not have. */
const UNHEARD = -1e9;

/** What the encoder makes of a window. */
export async function hearWindow(
  encoder: Session,
  architecture: WhisperArchitecture,
  { data, frames, heard }: Mel,
  signal: AbortSignal,
): Promise<HeardWindow> {
  const { mels, frames: mostFrames } = architecture;
  const context = audioContext(frames / 2, Math.ceil(heard / 2), mostFrames / 2);
  const dims = [context.rows.length];
  const feeds: Tensors = {
    mel: { type: 'float32', data, dims: [mels, frames] },
    rows: { type: 'int32', data: context.rows, dims },
    places: { type: 'int32', data: context.places, dims },
    bias: { type: 'float32', data: context.bias, dims },
  };
  return { memory: await encoder.run(feeds, signal, memoryNames(architecture)), bias: context.bias };
}

/** What was heard of several windows, one after another along axis 0; shorter ones are filled up. */
export function together(windows: readonly HeardWindow[], architecture: WhisperArchitecture): Tensors {
  const places = Math.max(...windows.map(({ bias }) => bias.length));
  const bias = new Float32Array(windows.length * places).fill(UNHEARD);
  windows.forEach((window, row) => bias.set(window.bias, row * places));
  const memories = windows.map(({ memory }) => memory);
  const lengthOf = (name: string): [axis: number, length: number] => {
    if (name === 'memory.scales') return [1, 2 * architecture.decoderLayers];
    return [name.startsWith('memory.keys') ? 3 : 2, places];
  };
  return {
    ...Object.fromEntries(memoryNames(architecture).map((name) => [name, stacked(name, memories, ...lengthOf(name))])),
    'memory.bias': { type: 'float32', data: bias, dims: [windows.length, 1, 1, places] },
  };
}

function memoryNames({ decoderLayers }: WhisperArchitecture): string[] {
  const layers = Array.from({ length: decoderLayers }, (_, i) => i + 1);
  const keys = layers.map((layer) => `memory.keys.${layer}`);
  return [...keys, ...layers.map((layer) => `memory.values.${layer}`), 'memory.scales'];
}

/** The same tensor of each source, one after another along axis 0, filled up with zeros to a length of another axis. */
function stacked(name: string, sources: Tensors[], axis: number, length: number): Tensor {
  const parts = sources.map((tensors) => tensors[name]).filter((tensor) => tensor !== undefined);
  const [first] = parts;
  if (!first || parts.length < sources.length) throw new Error(`The graph gave no ${name}.`);
  if (parts.length === 1) return first;
  const dims = first.dims.with(0, parts.length).with(axis, length);
  if (first.type === 'int8') return { type: 'int8', data: joined(parts, axis, dims, Int8Array), dims };
  return { type: 'float32', data: joined(parts, axis, dims, Float32Array), dims };
}

function joined<T extends Int8Array | Float32Array>(
  parts: Tensor[],
  axis: number,
  dims: number[],
  kind: new (length: number) => T,
): T {
  const volume = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1);
  const whole = new kind(volume(dims));
  const room = volume(dims.slice(axis));
  let to = 0;
  for (const part of parts) {
    if (!(part.data instanceof kind)) throw new Error('The sources of a batch were heard in different types.');
    const width = volume(part.dims.slice(axis));
    for (let from = 0; from < part.data.length; from += width, to += room) {
      whole.set(part.data.subarray(from, from + width), to);
    }
  }
  return whole;
}
