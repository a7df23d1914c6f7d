/** Writes Marian binaries for tests: random students of any size, in the layout that `parseMarian` documents. */

export interface StudentShape {
  dim: number;
  heads: number;
  encoderLayers: number;
  decoderLayers: number;
  ffn: number;
  vocabulary: number;
  /** Of a source with a vocabulary of its own. */
  sourceVocabulary?: number;
  /** Float weights; or int8 without the scales of activations. */
  weights?: 'int8' | 'int8-without-alphas' | 'float32';
  /** Lines of special:model.yml that replace or join the usual ones. */
  options?: Record<string, string>;
}

export interface WrittenTensor {
  name: string;
  type: number;
  shape: number[];
  data: Uint8Array;
}

const encoder = new TextEncoder();

/** A file of these tensors. */
export function writeMarian(tensors: WrittenTensor[]): Uint8Array {
  const names = tensors.map(({ name }) => encoder.encode(`${name}\0`));
  const header = new BigUint64Array(2 + 4 * tensors.length);
  header.set([1n, BigInt(tensors.length)]);
  tensors.forEach(({ type, shape, data }, i) => {
    header.set([names[i]?.length ?? 0, type, shape.length, data.length].map(BigInt), 2 + 4 * i);
  });
  const shapes = Int32Array.from(tensors.flatMap(({ shape }) => shape));
  const headBytes = header.byteLength + names.reduce((sum, name) => sum + name.length, 0) + shapes.byteLength + 8;
  const padding = (256 - (headBytes % 256)) % 256;
  return concatenate([
    bytesOf(header),
    ...names,
    bytesOf(shapes),
    bytesOf(BigUint64Array.of(BigInt(padding))),
    new Uint8Array(padding),
    ...tensors.map(({ data }) => data),
  ]);
}

/** The tensors of a student with weights drawn by `random` (values in 0..1). Norms are post-norm unless the options say otherwise. */
export function studentTensors(shape: StudentShape, random: () => number): WrittenTensor[] {
  const { dim, ffn, vocabulary } = shape;
  const tensors: WrittenTensor[] = [];
  const spread = (width: number): number => (random() * 2 - 1) * width;
  const float = (name: string, size: number, value: () => number): void => {
    tensors.push(float32Tensor(name, [1, size], Float32Array.from({ length: size }, value)));
  };
  const { weights = 'int8' } = shape;
  const alpha = (name: string, value: number): void => {
    if (weights === 'int8') tensors.push(float32Tensor(`${name}_QuantMultA`, [1, 1], Float32Array.of(value)));
  };
  const values = (name: string, rows: number, columns: number, multiplier: number): void => {
    const data = Int8Array.from({ length: rows * columns }, () => Math.round(spread(127)));
    const floats = (): Float32Array => Float32Array.from(data, (value) => value / multiplier);
    const tensor = weights === 'float32' ? float32Tensor(name, [rows, columns], floats()) : undefined;
    tensors.push(tensor ?? int8Tensor(name, [rows, columns], data, multiplier));
  };
  const matrix = (name: string, rows: number, columns: number): void => {
    values(name, rows, columns, 60 * Math.sqrt(rows));
    alpha(name, 20);
  };
  const dense = (prefix: string, part: string, rows: number, columns: number): void => {
    matrix(`${prefix}_W${part}`, rows, columns);
    float(`${prefix}_b${part}`, columns, () => spread(0.2));
  };
  const preNorm = shape.options?.['transformer-preprocess'] === 'n';
  const postNorm = (shape.options?.['transformer-postprocess'] ?? 'dan').includes('n');
  const norm = (prefix: string, suffix: string): void => {
    float(`${prefix}_ln_scale${suffix}`, dim, () => 1 + spread(0.2));
    float(`${prefix}_ln_bias${suffix}`, dim, () => spread(0.2));
  };
  const norms = (prefix: string): void => {
    if (preNorm) norm(prefix, '_pre');
    if (postNorm) norm(prefix, '');
  };
  const feedForward = (prefix: string): void => {
    const depth = Number(shape.options?.['transformer-ffn-depth'] ?? 2);
    for (let i = 1; i <= depth; i++) dense(prefix, String(i), i === 1 ? dim : ffn, i === depth ? dim : ffn);
    norms(`${prefix}_ffn`);
  };
  const option = (name: string): string | undefined => shape.options?.[name];
  if (option('tied-embeddings-all') === 'false') {
    values('encoder_Wemb', shape.sourceVocabulary ?? vocabulary, dim, 150);
    values('decoder_Wemb', vocabulary, dim, 150);
  } else values('Wemb', vocabulary, dim, 150);
  float('decoder_ff_logit_out_b', vocabulary, () => spread(0.5));
  if (option('tied-embeddings-all') === 'false' && option('tied-embeddings') !== 'true')
    matrix('decoder_ff_logit_out_W', dim, vocabulary);
  else alpha('none', 30);
  for (let layer = 1; layer <= shape.encoderLayers; layer++) {
    for (const part of ['q', 'k', 'v', 'o']) dense(`encoder_l${layer}_self`, part, dim, dim);
    norms(`encoder_l${layer}_self_Wo`);
    feedForward(`encoder_l${layer}_ffn`);
  }
  for (let layer = 1; layer <= shape.decoderLayers; layer++) {
    if (option('transformer-decoder-autoreg') === 'self-attention') {
      for (const part of ['q', 'k', 'v', 'o']) dense(`decoder_l${layer}_self`, part, dim, dim);
      norms(`decoder_l${layer}_self_Wo`);
    } else {
      matrix(`decoder_l${layer}_rnn_W`, dim, dim);
      dense(`decoder_l${layer}_rnn`, 'f', dim, dim);
      norms(`decoder_l${layer}_rnn_ffn`);
    }
    for (const part of ['q', 'k', 'v', 'o']) dense(`decoder_l${layer}_context`, part, dim, dim);
    norms(`decoder_l${layer}_context_Wo`);
    feedForward(`decoder_l${layer}_ffn`);
  }
  if (shape.options?.['transformer-postprocess-top'] === 'n')
    for (const side of ['encoder', 'decoder']) norm(`${side}_top`, '');
  tensors.push(configTensor(studentConfig(shape)));
  return tensors;
}

/** special:model.yml of a student. */
export function studentConfig({
  dim,
  heads,
  encoderLayers,
  decoderLayers,
  ffn,
  vocabulary,
  sourceVocabulary = vocabulary,
  options = {},
}: StudentShape): string {
  const lines: Record<string, string> = {
    type: 'transformer',
    'dec-cell': 'ssru',
    'transformer-decoder-autoreg': 'rnn',
    'tied-embeddings-all': 'true',
    'dim-emb': String(dim),
    'dim-vocabs': `\n  - ${sourceVocabulary}\n  - ${vocabulary}`,
    'enc-depth': String(encoderLayers),
    'dec-depth': String(decoderLayers),
    'transformer-dim-ffn': String(ffn),
    'transformer-ffn-activation': 'relu',
    'transformer-heads': String(heads),
    'transformer-preprocess': '""',
    'transformer-postprocess': 'dan',
    'transformer-tied-layers': '[]',
    version: 'v1.9.56 94aeaa46 2021-04-28 00:28:35 +0100',
    ...options,
  };
  return Object.entries(lines)
    .map(([key, value]) => (value.startsWith('\n') ? `${key}:${value}\n` : `${key}: ${value}\n`))
    .join('');
}

export function configTensor(yaml: string): WrittenTensor {
  const data = encoder.encode(`${yaml}\0`);
  return { name: 'special:model.yml', type: 0x101, shape: [data.length], data };
}

export function float32Tensor(name: string, shape: number[], values: Float32Array): WrittenTensor {
  return { name, type: 0x404, shape, data: padTo256(bytesOf(values)) };
}

export function int8Tensor(name: string, shape: number[], values: Int8Array, multiplier: number): WrittenTensor {
  return {
    name,
    type: 0x4101,
    shape,
    data: padTo256(concatenate([bytesOf(values), bytesOf(Float32Array.of(multiplier))])),
  };
}

/** A small generator of values in 0..1 (mulberry32), so that a student is the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function padTo256(bytes: Uint8Array): Uint8Array {
  return concatenate([bytes, new Uint8Array((256 - (bytes.length % 256)) % 256)]);
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function concatenate(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
