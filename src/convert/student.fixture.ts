import type { MarianModel, MarianTensor } from '../formats/marian.ts';

/** A Marian student run in plain loops and double precision, for tests: what the graphs of any depth and width are compared with. */

type Matrix = number[][];

export interface StudentStep {
  logProbs: number[];
  /** Of head 0 in the alignment layer: one value a source token. */
  attention: number[];
}

/** Scores each token of `outputIds` in turn (teacher forcing), and what comes after the last. */
export function runStudent({ config, tensors }: MarianModel, sourceIds: number[], outputIds: number[]): StudentStep[] {
  const { dim, heads } = config;
  const vector = (name: string): number[] => [...(tensors.get(name)?.data ?? [])];
  const find = (name: string): MarianTensor => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`no weight ${name}`);
    return tensor;
  };
  const multiply = (x: Matrix, name: string, bias?: string): Matrix => {
    const tensor = find(name);
    const [inputs = 0, outputs = 0] = tensor.shape;
    const offset = bias === undefined ? [] : vector(bias);
    return x.map((row) =>
      Array.from({ length: outputs }, (_, column) => {
        let sum = 0;
        // An int8 matrix is stored transposed.
        const at = (i: number): number => (tensor.type === 'int8' ? column * inputs + i : i * outputs + column);
        for (let i = 0; i < inputs; i++) sum += (row[i] ?? 0) * value(tensor, at(i));
        return sum + (offset[column] ?? 0);
      }),
    );
  };
  const norm = (x: Matrix, name: string, suffix: string): Matrix => {
    const scale = vector(`${name}_ln_scale${suffix}`);
    const bias = vector(`${name}_ln_bias${suffix}`);
    return x.map((row) => {
      const mean = row.reduce((sum, value) => sum + value, 0) / dim;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / dim;
      return row.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-6)) * (scale[i] ?? 0) + (bias[i] ?? 0));
    });
  };
  const wrap = (x: Matrix, name: string, sublayer: (x: Matrix) => Matrix): Matrix => {
    let y = x;
    for (const op of config.preprocess) if (op === 'norm') y = norm(y, name, '_pre');
    y = sublayer(y);
    for (const op of config.postprocess) y = op === 'add' ? add(y, x) : norm(y, name, '');
    return y;
  };
  const activate = (value: number): number =>
    config.ffnActivation === 'relu'
      ? Math.max(value, 0)
      : value / (1 + Math.exp(-value * (config.ffnActivation === 'gelu' ? 1.702 : 1)));
  const feedForward = (x: Matrix, prefix: string, depth: number): Matrix =>
    wrap(x, `${prefix}_ffn`, (input) => {
      let y = multiply(input, `${prefix}_W1`, `${prefix}_b1`);
      for (let i = 2; i <= depth; i++) {
        const active = y.map((row) => row.map(activate));
        y = multiply(active, `${prefix}_W${i}`, `${prefix}_b${i}`);
      }
      return y;
    });
  const attention = (x: Matrix, memory: Matrix, prefix: string): { output: Matrix; firstHead: Matrix } => {
    const [q, k, v] = ['q', 'k', 'v'].map((part) =>
      multiply(part === 'q' ? x : memory, `${prefix}_W${part}`, `${prefix}_b${part}`),
    ) as [Matrix, Matrix, Matrix];
    const size = dim / heads;
    const context = x.map(() => new Array<number>(dim).fill(0));
    let firstHead: Matrix = [];
    for (let head = 0; head < heads; head++) {
      const part = (row: number[]): number[] => row.slice(head * size, (head + 1) * size);
      const weights = q.map((query) => softmax(k.map((key) => dot(part(query), part(key)) / Math.sqrt(size))));
      if (head === 0) firstHead = weights;
      weights.forEach((row, t) =>
        row.forEach((weight, s) =>
          part(v[s] ?? []).forEach((value, i) => {
            const target = context[t];
            if (target) target[head * size + i] = (target[head * size + i] ?? 0) + weight * value;
          }),
        ),
      );
    }
    return { output: multiply(context, `${prefix}_Wo`, `${prefix}_bo`), firstHead };
  };
  const row = (name: string, id: number): number[] =>
    Array.from({ length: dim }, (_, i) => value(find(name), id * dim + i));
  const shared = config.embeddings === 'all';
  const targetName = shared ? 'Wemb' : 'decoder_Wemb';
  const embed = (name: string, id: number | undefined, position: number): number[] => {
    const half = dim / 2;
    const token = id === undefined ? [] : row(name, id);
    return Array.from({ length: dim }, (_, i) => {
      const angle = position * Math.exp(-(i % half) * (Math.log(10000) / Math.max(half - 1, 1)));
      return (token[i] ?? 0) * Math.sqrt(dim) + (i < half ? Math.sin(angle) : Math.cos(angle));
    });
  };
  const top = (x: Matrix, side: string): Matrix =>
    config.postprocessTop.includes('norm') ? norm(x, `${side}_top`, '') : x;

  let memory = sourceIds.map((id, position) => embed(shared ? 'Wemb' : 'encoder_Wemb', id, position));
  for (let layer = 1; layer <= config.encoderLayers; layer++) {
    const self = `encoder_l${layer}_self`;
    memory = wrap(memory, `${self}_Wo`, (x) => attention(x, x, self).output);
    memory = feedForward(memory, `encoder_l${layer}_ffn`, config.encoderFfnDepth);
  }
  memory = top(memory, 'encoder');

  const cells = Array.from({ length: config.decoderLayers }, () => [new Array<number>(dim).fill(0)]);
  /** What each layer's self-attention was given so far. */
  const remembered: Matrix[] = [];
  const bias = vector('decoder_ff_logit_out_b');
  return [undefined, ...outputIds].map((previous, position) => {
    let x = [embed(targetName, previous, position)];
    let aligned: number[] = [];
    for (let layer = 1; layer <= config.decoderLayers; layer++) {
      const rnn = `decoder_l${layer}_rnn`;
      const context = `decoder_l${layer}_context`;
      const self = `decoder_l${layer}_self`;
      if (config.decoder === 'self-attention')
        x = wrap(x, `${self}_Wo`, (input) => {
          const said = (remembered[layer - 1] ??= []);
          said.push(...input);
          return attention(input, said, self).output;
        });
      else
        x = wrap(x, `${rnn}_ffn`, (input) => {
          const candidate = multiply(input, `${rnn}_W`);
          const forget = multiply(input, `${rnn}_Wf`, `${rnn}_bf`).map((row) =>
            row.map((value) => 1 / (1 + Math.exp(-value))),
          );
          const cell = candidate.map((row, r) =>
            row.map((value, i) => {
              const f = forget[r]?.[i] ?? 0;
              return f * (cells[layer - 1]?.[r]?.[i] ?? 0) + (1 - f) * value;
            }),
          );
          cells[layer - 1] = cell;
          return cell.map((row) => row.map((value) => Math.max(value, 0)));
        });
      x = wrap(x, `${context}_Wo`, (input) => {
        const { output, firstHead } = attention(input, memory, context);
        if (layer === config.alignmentLayer) aligned = firstHead[0] ?? [];
        return output;
      });
      x = feedForward(x, `decoder_l${layer}_ffn`, config.decoderFfnDepth);
    }
    const state = top(x, 'decoder')[0] ?? [];
    const logits =
      config.embeddings === 'apart'
        ? (multiply([state], 'decoder_ff_logit_out_W', 'decoder_ff_logit_out_b')[0] ?? [])
        : Array.from({ length: config.vocabulary }, (_, id) => dot(state, row(targetName, id)) + (bias[id] ?? 0));
    return { logProbs: softmax(logits).map(Math.log), attention: aligned };
  });
}

/** One value of a weight. */
function value(tensor: MarianTensor, at: number): number {
  return (tensor.data[at] ?? 0) / (tensor.type === 'int8' ? tensor.multiplier : 1);
}

function add(a: Matrix, b: Matrix): Matrix {
  return a.map((row, r) => row.map((value, i) => value + (b[r]?.[i] ?? 0)));
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function softmax(values: number[]): number[] {
  const most = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - most));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
