import { EngineError } from '../protocol/errors.ts';
import { valuesOf, type CTranslate2Model, type CTranslate2Variable } from '../formats/ctranslate2.ts';
import { type Affine, affineOf } from './affine.ts';
import { concatenate } from './concatenate.ts';
import { quantiseRows, rowScales } from './quantise.ts';
import { inBlocks, scaled } from './rowBlocks.ts';
import type { Norm } from './transformer.ts';
import type { Embedding } from './weight-source.ts';

/** Part of a product: some rows of a matrix [outputs, inputs] and what they are multiplied by. */
export interface Rows {
  name: string;
  /** The rows, as one of several equal parts that were laid side by side. */
  part?: { index: number; of: number };
  factor?: number;
}

/** The variables of a CTranslate2 model, found by name, with their shapes checked. Integers are read as what they stand for. */
export class CTranslate2Weights {
  readonly #variables: CTranslate2Model['variables'];

  constructor({ variables }: CTranslate2Model) {
    this.#variables = variables;
  }

  has(name: string): boolean {
    return this.#variables.has(name);
  }

  names(): string[] {
    return [...this.#variables.keys()];
  }

  /** Whether two names stand for one variable. */
  same(a: string, b: string): boolean {
    return this.find(a) === this.find(b);
  }

  find(name: string): CTranslate2Variable {
    const variable = this.#variables.get(name);
    if (!variable) throw damaged(`weight ${name} is missing`);
    return variable;
  }

  shape(name: string, rank: number): number[] {
    const { shape } = this.find(name);
    if (shape.length !== rank || shape.includes(0)) throw damaged(`${name} has the shape [${shape.join(', ')}]`);
    return [...shape];
  }

  /** A single value: a flag, a count, a number. */
  scalar(name: string): number {
    const [value = 0] = valuesOf(this.find(name));
    return value;
  }

  /** A scalar, or what stands for one that is not there. */
  option(name: string, absent: number): number {
    return this.has(name) ? this.scalar(name) : absent;
  }

  floats(name: string, ...shape: number[]): Float32Array {
    return this.#rows(name, shape, 0, shape[0] ?? 1);
  }

  /** The rows `[from, to)` of a variable of that shape. */
  #rows(name: string, shape: number[], from: number, to: number): Float32Array {
    const variable = this.find(name);
    if (variable.shape.join() !== shape.join())
      throw damaged(`${name} is ${variable.shape.join('x')}, not ${shape.join('x')}`);
    const rowBytes = variable.bytes.length / (shape[0] ?? 1);
    const rows = {
      ...variable,
      shape: shape.length > 0 ? [to - from, ...shape.slice(1)] : shape,
      bytes: variable.bytes.subarray(from * rowBytes, to * rowBytes),
    };
    const scale = this.has(`${name}_scale`) ? valuesOf(this.find(`${name}_scale`)) : undefined;
    const values = valuesOf(rows, scale && scale.length > 1 ? scale.subarray(from, to) : scale);
    for (const value of values) if (!Number.isFinite(value)) throw damaged(`${name} holds what is no number`);
    return values;
  }

  norm(name: string, dim: number): Norm {
    return { name, scale: this.floats(`${name}/gamma`, dim), bias: this.floats(`${name}/beta`, dim) };
  }

  /** Layers count up from 0, until there is none of that name. */
  layers<T>(prefix: string, read: (layer: string) => T): T[] {
    const list: T[] = [];
    while (this.has(`${prefix}_${list.length}/ffn/linear_0/weight`)) list.push(read(`${prefix}_${list.length}`));
    if (list.length === 0) throw damaged(`it has no ${prefix}`);
    return list;
  }

  /** One product of matrices [outputs, inputs] side by side; a matrix without a bias has zeros. */
  affine(name: string, inputs: number, list: Rows[]): Affine {
    const parts = list.map(({ name: matrix, part = { index: 0, of: 1 }, factor = 1 }) => {
      const [outputs = 0] = this.shape(`${matrix}/weight`, 2);
      const own = outputs / part.of;
      if (!Number.isInteger(own)) throw damaged(`${matrix} does not divide into ${part.of} parts`);
      const [first, end] = [own * part.index, own * (part.index + 1)];
      const weight = inBlocks(first, end, inputs, (from, to) =>
        scaled(this.#rows(`${matrix}/weight`, [outputs, inputs], from, to), factor),
      );
      const bias = this.has(`${matrix}/bias`)
        ? this.floats(`${matrix}/bias`, outputs).subarray(first, end)
        : new Float32Array(own);
      return { weight, bias: scaled(bias, factor) };
    });
    return affineOf(
      name,
      inputs,
      parts.flatMap(({ weight }) => weight),
      concatenate(parts.map(({ bias }) => bias)),
    );
  }

  embedding(name: string, dim: number): Embedding {
    const [rows = 0] = this.shape(`${name}/weight`, 2);
    const blocks = inBlocks(0, rows, dim, (from, to) => this.#rows(`${name}/weight`, [rows, dim], from, to));
    const data = (): Int8Array => {
      const rounded = new Int8Array(rows * dim);
      let at = 0;
      for (const read of blocks) {
        const some = read();
        quantiseRows(rounded.subarray(at, at + some.length), some, dim);
        at += some.length;
      }
      return rounded;
    };
    return { name, rows, data, scale: concatenate(blocks.map((read) => rowScales(read(), dim))) };
  }
}

export function damaged(reason: string): EngineError {
  return new EngineError('model-corrupt', `The CTranslate2 model is damaged: ${reason}. Fetch the file again.`);
}
