import { EngineError } from '../protocol/errors.ts';
import type { MarianConfig, SublayerOp } from '../formats/marian-config.ts';
import type { MarianTensor } from '../formats/marian.ts';
import type { Affine } from './affine.ts';
import { concatenate } from './concatenate.ts';
import { quantiseRows, rowScales, transposeInto } from './quantise.ts';
import type { FeedForward, Norm, Wrapping } from './transformer.ts';

/** A table of int8 rows, one a token. */
export interface Embedding {
  /** Its weights' name in the weight store. */
  name: string;
  rows: number;
  /** [rows, dim], made when they are written */
  data: () => Int8Array;
  /** Value of one step: one for all rows, or one a row. */
  scale: number | Float32Array;
}

/** A Marian matrix, its bias if it has one, its width, and what its product is multiplied by. */
export interface Matrix {
  weight: string;
  bias?: string;
  outputs: number;
  factor: number;
}

/** A Marian model's tensors, found by name, with their shapes checked. */
export class WeightSource {
  readonly #config: MarianConfig;
  readonly #tensors: Map<string, MarianTensor>;

  constructor(config: MarianConfig, tensors: Map<string, MarianTensor>) {
    this.#config = config;
    this.#tensors = tensors;
  }

  /**
   * One product of matrices side by side.
   * @param companions other matrices that multiply the same input: quantised once, it needs one scale for all
   */
  affine(name: string, inputs: number, parts: Matrix[], companions: Matrix[] = []): Affine {
    const matrices = parts.map((part) => this.#matrix(part.weight, inputs, part.outputs));
    const biases = parts.map(({ bias, outputs, factor }) =>
      bias === undefined ? new Float32Array(outputs) : this.vector(bias, outputs).map((value) => value * factor),
    );
    const scales = matrices.map(({ scale }, i) => scale(parts[i]?.factor ?? 1));
    const [onlyScale = 1] = scales;
    const columns = scales.map((scale, i) =>
      typeof scale === 'number' ? new Float32Array(parts[i]?.outputs ?? 0).fill(scale) : scale,
    );
    const outputs = parts.reduce((sum, part) => sum + part.outputs, 0);
    return {
      name,
      inputs,
      outputs,
      // Marian keeps a matrix as its columns one after another; the graphs want rows, the parts' columns side by side.
      weight: (into) => {
        let column = 0;
        matrices.forEach(({ data }, i) => {
          transposeInto(into, data(), { inputs, outputs, column });
          column += parts[i]?.outputs ?? 0;
        });
      },
      weightScale: scales.length === 1 ? onlyScale : concatenate(columns),
      activationScale: this.activationScale([...parts, ...companions].map(({ weight }) => weight)),
      bias: parts.every(({ bias }) => bias === undefined) ? undefined : concatenate(biases),
    };
  }

  /** An embedding [rows, dim]: int8 as it is, floats with a scale for each row. */
  embedding(name: string, rows: number): Embedding {
    const { dim } = this.#config;
    const tensor = this.#shaped(name, [rows, dim]);
    if (tensor.type === 'int8') return { name, rows, data: () => tensor.data, scale: 1 / tensor.multiplier };
    return { name, rows, data: () => rounded(tensor.data, dim), scale: rowScales(tensor.data, dim) };
  }

  /** A matrix of the output layer, [dim, rows], as the embedding that it could be. */
  outputMatrix(name: string, rows: number): Embedding {
    const { data, scale } = this.#matrix(name, this.#config.dim, rows);
    return { name, rows, data, scale: scale(1) };
  }

  /** Value of a step of what these matrices multiply: the calibration's, or 'dynamic' for a model without one. */
  activationScale(names: string[]): number | 'dynamic' {
    const keys = names.map((name) => `${name}_QuantMultA`);
    const known = keys.filter((key) => this.#tensors.has(key));
    if (known.length === 0) return 'dynamic';
    // Matrices that share an input were calibrated on it together; were they not, the widest range serves all.
    return 1 / Math.min(...keys.map((key) => this.#scalar(key)));
  }

  feedForward(prefix: string, inner: number, depth: number): FeedForward {
    const { ffnActivation } = this.#config;
    const widths = [this.#config.dim, ...Array.from({ length: depth - 1 }, () => inner), this.#config.dim];
    const layers = Array.from({ length: depth }, (_, i) => {
      const weight = `${prefix}_W${i + 1}`;
      const matrix = { weight, bias: `${prefix}_b${i + 1}`, outputs: widths[i + 1] ?? 0, factor: 1 };
      return this.affine(weight, widths[i] ?? 0, [matrix]);
    });
    return {
      layers,
      activation: ffnActivation === 'gelu' ? 'gelu-sigmoid' : ffnActivation,
      wrapping: this.wrapping(`${prefix}_ffn`),
    };
  }

  /** Marian names a sublayer's norms `<prefix>_ln_scale` after it and `<prefix>_ln_scale_pre` before it. */
  wrapping(prefix: string): Wrapping {
    return {
      before: this.norms(prefix, this.#config.preprocess, '_pre'),
      after: this.#config.postprocess.map((op) => (op === 'add' ? op : this.#norm(prefix, ''))),
    };
  }

  norms(prefix: string, ops: SublayerOp[], suffix: string): Norm[] {
    return ops.filter((op) => op === 'norm').map(() => this.#norm(prefix, suffix));
  }

  #norm(prefix: string, suffix: string): Norm {
    const vector = (part: string): Float32Array => this.vector(`${prefix}_ln_${part}${suffix}`, this.#config.dim);
    return { name: `${prefix}_ln${suffix}`, scale: vector('scale'), bias: vector('bias') };
  }

  /** A matrix as its columns one after another, and the value of a step of it, times a factor. */
  #matrix(
    name: string,
    inputs: number,
    outputs: number,
  ): { data: () => Int8Array; scale: (factor: number) => number | Float32Array } {
    const tensor = this.#shaped(name, [inputs, outputs]);
    if (tensor.type === 'int8') return { data: () => tensor.data, scale: (factor) => factor / tensor.multiplier };
    // Floats lie as they are multiplied, a row for each input.
    const columns = (): Float32Array => transpose(tensor.data, inputs);
    const scales = rowScales(columns(), inputs);
    return { data: () => rounded(columns(), inputs), scale: (factor) => scales.map((value) => value * factor) };
  }

  #shaped(name: string, shape: readonly number[]): MarianTensor {
    const tensor = this.#find(name);
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i]))
      throw misshapen(name, tensor, shape.join('x'));
    return tensor;
  }

  vector(name: string, size: number): Float32Array {
    const tensor = this.#find(name);
    if (tensor.type !== 'float32' || tensor.data.length !== size) throw misshapen(name, tensor, `${size} floats`);
    return tensor.data;
  }

  /** A positive single value. Marian keeps some as float32 and some as an int8 tensor that only has a multiplier. */
  #scalar(name: string): number {
    const tensor = this.#find(name);
    if (tensor.data.length !== 1) throw misshapen(name, tensor, 'one value');
    const value = tensor.type === 'int8' ? tensor.multiplier : (tensor.data[0] ?? 0);
    if (!(value > 0))
      throw new EngineError('model-corrupt', `The Marian model is damaged: ${name} is ${value}. Fetch the file again.`);
    return value;
  }

  #find(name: string): MarianTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor)
      throw new EngineError(
        'model-corrupt',
        `The Marian model is damaged: weight ${name} is missing. Fetch the file again.`,
      );
    return tensor;
  }
}

function misshapen(name: string, tensor: MarianTensor, wanted: string): EngineError {
  return new EngineError(
    'model-corrupt',
    `The Marian model is damaged: ${name} is ${tensor.type} ${tensor.shape.join('x')}, its configuration asks for ${wanted}. Fetch the file again.`,
  );
}

function rounded(rows: Float32Array, width: number): Int8Array {
  const data = new Int8Array(rows.length);
  quantiseRows(data, rows, width);
  return data;
}

/** [inputs, outputs] -> [outputs, inputs] */
function transpose(rows: Float32Array, inputs: number): Float32Array {
  const outputs = rows.length / inputs;
  return rows.map((_, i) => rows[(i % inputs) * outputs + Math.floor(i / inputs)] ?? 0);
}
