import { EngineError } from '../protocol/errors.ts';

/** One operation around a sublayer, after Marian's letters: d(ropout) is nothing at inference. */
export type SublayerOp = 'add' | 'norm';

/** What `special:model.yml` says of the network. Only what we can run gets this far. */
export interface MarianConfig {
  dim: number;
  heads: number;
  encoderLayers: number;
  decoderLayers: number;
  /** How many matrices a feed-forward block has: 2 is W1, activation, W2. */
  encoderFfnDepth: number;
  decoderFfnDepth: number;
  /** Inner width of the feed-forward blocks. */
  encoderFfnDim: number;
  decoderFfnDim: number;
  ffnActivation: 'relu' | 'swish' | 'gelu';
  /** Rows of the target's embedding, and of the source's, which is the same one where `embeddings` says so. */
  vocabulary: number;
  sourceVocabulary: number;
  /** What shares a matrix: source, target and output; target and output; or nothing. */
  embeddings: 'all' | 'target' | 'apart';
  /** How the decoder remembers what it has said: by a recurrent cell (SSRU) or by attention. */
  decoder: 'ssru' | 'self-attention';
  outputBias: boolean;
  /** Before a sublayer, after it, and on top of the last layer. */
  preprocess: SublayerOp[];
  postprocess: SublayerOp[];
  postprocessTop: SublayerOp[];
  /** Decoder layer (from 1) whose head 0 was trained as word alignment. */
  alignmentLayer: number;
}

/** Of a reason, which quotes the file. */
const QUOTED_LENGTH = 200;

type Yaml = Map<string, string | string[]>;

/**
 * Reads the YAML text embedded in a Marian model.
 * @throws EngineError `model-corrupt` (not YAML, a number out of range) or `unsupported-model` (an architecture we cannot run).
 */
export function parseMarianConfig(text: string): MarianConfig {
  const yaml = parseFlatYaml(text);
  refuseUnsupported(yaml);
  const encoderLayers = integer(yaml, 'enc-depth', 1, 64);
  const decoderLayers = integer(yaml, 'dec-depth', 1, 64);
  const dim = integer(yaml, 'dim-emb', 4, 8192);
  const heads = integer(yaml, 'transformer-heads', 1, 64);
  if (dim % heads !== 0) throw corrupt(`dim-emb ${dim} is not a multiple of transformer-heads ${heads}`);
  if (dim % 2 !== 0) throw corrupt(`dim-emb ${dim} is odd, so it has no sinusoidal positions`);
  const encoderFfnDim = integer(yaml, 'transformer-dim-ffn', 1, 65536);
  const encoderFfnDepth = integer(yaml, 'transformer-ffn-depth', 1, 8, 2);
  const autoreg = oneOf(yaml, 'transformer-decoder-autoreg', ['rnn', 'self-attention'], 'rnn');
  const alignment = scalar(yaml, 'transformer-guided-alignment-layer') ?? 'last';
  return {
    dim,
    heads,
    encoderLayers,
    decoderLayers,
    encoderFfnDim,
    encoderFfnDepth,
    // In newer Marian the decoder may differ; 0 or absence means "as the encoder".
    decoderFfnDim: integer(yaml, 'transformer-decoder-dim-ffn', 0, 65536, 0) || encoderFfnDim,
    decoderFfnDepth: integer(yaml, 'transformer-decoder-ffn-depth', 0, 8, 0) || encoderFfnDepth,
    ffnActivation: oneOf(yaml, 'transformer-ffn-activation', ['relu', 'swish', 'gelu'], 'relu'),
    ...vocabularies(yaml),
    decoder: autoreg === 'rnn' ? 'ssru' : 'self-attention',
    outputBias: scalar(yaml, 'output-omit-bias') !== 'true',
    preprocess: sublayerOps(yaml, 'transformer-preprocess'),
    postprocess: sublayerOps(yaml, 'transformer-postprocess'),
    postprocessTop: sublayerOps(yaml, 'transformer-postprocess-top'),
    alignmentLayer:
      alignment === 'last' ? decoderLayers : number('transformer-guided-alignment-layer', alignment, 1, decoderLayers),
  };
}

/** Values that we do not implement, each with the one we do. A key that is absent has Marian's default, which is ours. */
const REQUIRED: Record<string, readonly string[]> = {
  type: ['transformer'],
  'transformer-decoder-autoreg': ['rnn', 'self-attention'],
  'transformer-no-projection': ['false'],
  'transformer-no-bias': ['false'],
  'transformer-no-affine': ['false'],
  'transformer-rnn-projection': ['false'],
  'transformer-train-position-embeddings': ['false'],
  'transformer-pool': ['false'],
  'transformer-flat-pool': ['false'],
  'transformer-tied-layers': [''],
  'lemma-dim-emb': ['0'],
  'lemma-dependency': [''],
  'factors-combine': ['sum'],
  'right-left': ['false'],
  skip: ['false'],
  'layer-normalization': ['false'],
  ulr: ['false'],
  'input-types': ['', 'sequence'],
};

/** These must be present: without them the file is of another, older or newer architecture. */
const MANDATORY = ['type', 'transformer-decoder-autoreg'];

function refuseUnsupported(yaml: Yaml): void {
  for (const [key, allowed] of Object.entries(REQUIRED)) {
    const value = yaml.get(key);
    if (value === undefined && !MANDATORY.includes(key)) continue;
    const text = Array.isArray(value) ? [...new Set(value)].join(', ') : (value ?? 'absent');
    if (!allowed.includes(text))
      throw unsupported(`${key} is ${text}, and only ${allowed.join(' or ') || 'an empty list'} can be run`);
  }
  // Only a recurrent decoder has cells.
  const cell = scalar(yaml, 'dec-cell') ?? 'absent';
  if (scalar(yaml, 'transformer-decoder-autoreg') === 'rnn' && cell !== 'ssru')
    throw unsupported(`dec-cell is ${cell}, and only ssru can be run`);
  const top = scalar(yaml, 'transformer-postprocess-top') ?? '';
  if (!/^[dn]*$/.test(top)) throw unsupported(`transformer-postprocess-top is ${top}`);
  const embedding = scalar(yaml, 'transformer-postprocess-emb') ?? '';
  if (!/^d*$/.test(embedding)) throw unsupported(`transformer-postprocess-emb is ${embedding}`);
}

function sublayerOps(yaml: Yaml, key: string): SublayerOp[] {
  const letters = scalar(yaml, key) ?? '';
  return Array.from(letters).flatMap((letter): SublayerOp[] => {
    if (letter === 'd') return [];
    if (letter === 'a') return ['add'];
    if (letter === 'n') return ['norm'];
    throw unsupported(`${key} is ${letters}, and only d, a and n can be run`);
  });
}

function vocabularies(yaml: Yaml): Pick<MarianConfig, 'vocabulary' | 'sourceVocabulary' | 'embeddings'> {
  const sizes = yaml.get('dim-vocabs');
  if (!Array.isArray(sizes) || sizes.length === 0) throw corrupt('dim-vocabs is missing');
  const values = sizes.map((size) => number('dim-vocabs', size, 2, 1_000_000));
  const [sourceVocabulary = 0, vocabulary = 0] = values;
  if (values.length !== 2)
    throw unsupported(`dim-vocabs is ${values.join(', ')}, and only one source and one target can be run`);
  const tied = (key: string): boolean => scalar(yaml, key) === 'true';
  // Marian's tied-embeddings-src alone shares source and target, which no model is known to do without the output.
  if (tied('tied-embeddings-src') && !tied('tied-embeddings'))
    throw unsupported('tied-embeddings-src is true without tied-embeddings, and only both can be run');
  const all = tied('tied-embeddings-all') || tied('tied-embeddings-src');
  if (all && sourceVocabulary !== vocabulary)
    throw unsupported(
      `dim-vocabs is ${values.join(', ')}, and only one size can be run where tied-embeddings-all is true`,
    );
  return { vocabulary, sourceVocabulary, embeddings: all ? 'all' : tied('tied-embeddings') ? 'target' : 'apart' };
}

function integer(yaml: Yaml, key: string, least: number, most: number, fallback?: number): number {
  const value = scalar(yaml, key);
  if (value === undefined) {
    if (fallback !== undefined) return fallback;
    throw corrupt(`${key} is missing`);
  }
  return number(key, value, least, most);
}

function number(key: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most))
    throw corrupt(`${key} is ${text.slice(0, 40)}, not a number from ${least} to ${most}`);
  return value;
}

function oneOf<T extends string>(yaml: Yaml, key: string, allowed: readonly T[], fallback: T): T {
  const value = scalar(yaml, key) ?? fallback;
  const found = allowed.find((option) => option === value);
  if (found === undefined) throw unsupported(`${key} is ${value}, and only ${allowed.join(' or ')} can be run`);
  return found;
}

function scalar(yaml: Yaml, key: string): string | undefined {
  const value = yaml.get(key);
  if (Array.isArray(value)) throw corrupt(`${key} is a list`);
  return value;
}

/** The YAML that Marian writes: one level of `key: value`, and lists of scalars as `[a, b]` or one `- a` a line. */
function parseFlatYaml(text: string): Yaml {
  const yaml: Yaml = new Map();
  let list: string[] | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\0+$/, '').trimEnd();
    if (line === '' || line.startsWith('#') || line === '---') continue;
    const item = /^\s*- (.*)$/.exec(line);
    if (item) {
      if (!list) throw corrupt(`a list item stands alone: ${line.slice(0, 60)}`);
      list.push(unquote(item[1] ?? ''));
      continue;
    }
    const pair = /^([A-Za-z0-9_-]+):(?: (.*))?$/.exec(line);
    if (!pair) throw corrupt(`not a line of its configuration: ${line.slice(0, 60)}`);
    const [, key = '', value = ''] = pair;
    list = undefined;
    const flow = /^\[(.*)\]$/.exec(value.trim());
    if (flow) {
      yaml.set(
        key,
        (flow[1] ?? '')
          .split(',')
          .map(unquote)
          .filter((entry) => entry !== ''),
      );
    } else if (value.trim() === '') {
      list = [];
      yaml.set(key, list);
    } else {
      yaml.set(key, unquote(value));
    }
  }
  return yaml;
}

function unquote(value: string): string {
  const text = value.trim();
  const quoted = /^(["'])(.*)\1$/.exec(text);
  return quoted ? (quoted[2] ?? '') : text;
}

function corrupt(reason: string): EngineError {
  return new EngineError(
    'model-corrupt',
    `The configuration inside the Marian model is damaged: ${reason.slice(0, QUOTED_LENGTH)}. Fetch the file again.`,
  );
}

function unsupported(reason: string): EngineError {
  return new EngineError(
    'unsupported-model',
    `This Marian model cannot be run here: ${reason.slice(0, QUOTED_LENGTH)}. Choose another model.`,
  );
}
