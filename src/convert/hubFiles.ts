import { EngineError } from '../protocol/errors.ts';
import { nameOf, type ForeignFile } from './foreign.ts';

/** The graphs of an encoder-decoder: `step` is the decoder of later steps, where the first one cannot go on itself. */
export type GraphRole = 'encoder' | 'decoder' | 'step';

/** Which file of a graph runs where. */
export interface GraphFiles {
  wasm: ForeignFile;
  webgpu: ForeignFile;
}

export interface HubFiles {
  config: ForeignFile;
  generation: ForeignFile | undefined;
  tokenizer: ForeignFile;
  tokenizerConfig: ForeignFile | undefined;
  preprocessor: ForeignFile | undefined;
  graphs: Partial<Record<GraphRole, GraphFiles>> & { encoder: GraphFiles; decoder: GraphFiles };
  /** The file of a name beside a graph: its weights. */
  beside(graph: ForeignFile, name: string): ForeignFile | undefined;
}

const GRAPH =
  /^(encoder_model|decoder_model_merged|decoder_model|decoder_with_past_model)(?:_(fp16|int8|uint8|quantized|q4|q4f16|bnb4))?\.onnx$/;

/** The forms a graph is published in, the best first: 8 bits are the quickest on WASM, and most of their operators are not on GPUs. */
const PRECISIONS = {
  wasm: ['quantized', 'int8', 'uint8', '', 'q4', 'bnb4', 'fp16', 'q4f16'],
  webgpu: ['', 'q4', 'quantized', 'int8', 'uint8', 'bnb4', 'fp16', 'q4f16'],
} as const;

/** A second form of a graph that is larger is left out: to keep both would take more than it gives. */
const MOST_WEBGPU_BYTES = 512 * 2 ** 20;

/** Whether a file's name is that of a graph of an encoder-decoder in the layout of transformers.js. */
export const isHubGraph = (file: ForeignFile): boolean => GRAPH.test(nameOf(file));

/**
 * Of the files of a repository, those that are used: of graphs in several precisions the best one for each provider.
 * @throws EngineError unsupported-model, which names what is missing
 */
export function chooseHubFiles(files: readonly ForeignFile[]): HubFiles {
  const named = (name: string): ForeignFile | undefined => files.find((file) => nameOf(file) === name);
  const config = named('config.json');
  if (!config) throw missing('config.json');
  const tokenizer = named('tokenizer.json');
  if (!tokenizer) throw missing('tokenizer.json');
  const encoder = graphFiles(files, 'encoder_model');
  if (!encoder) throw missing('onnx/encoder_model_quantized.onnx or onnx/encoder_model.onnx');
  const merged = graphFiles(files, 'decoder_model_merged');
  const decoder = merged ?? graphFiles(files, 'decoder_model');
  if (!decoder)
    throw missing('onnx/decoder_model_merged_quantized.onnx, onnx/decoder_model_merged.onnx or decoder_model');
  const step = merged ? undefined : graphFiles(files, 'decoder_with_past_model');
  if (!merged && !step) throw missing('onnx/decoder_with_past_model.onnx');
  return {
    config,
    tokenizer,
    generation: named('generation_config.json'),
    tokenizerConfig: named('tokenizer_config.json'),
    preprocessor: named('preprocessor_config.json'),
    graphs: { encoder, decoder, ...(step && { step }) },
    beside: (graph, name) => files.find(({ path }) => path === graph.path.slice(0, -nameOf(graph).length) + name),
  };
}

function graphFiles(files: readonly ForeignFile[], graph: string): GraphFiles | null {
  const forms = new Map(
    files.flatMap((file): [string, ForeignFile][] => {
      const [, name, precision = ''] = GRAPH.exec(nameOf(file)) ?? [];
      return name === graph ? [[precision, file]] : [];
    }),
  );
  const best = (order: readonly string[]): ForeignFile | undefined => order.flatMap((form) => forms.get(form) ?? [])[0];
  const [wasm, webgpu] = [best(PRECISIONS.wasm), best(PRECISIONS.webgpu)];
  if (!wasm || !webgpu) return null;
  return { wasm, webgpu: webgpu.sizeBytes <= MOST_WEBGPU_BYTES ? webgpu : wasm };
}

function missing(name: string): EngineError {
  return new EngineError(
    'unsupported-model',
    `The model’s ${name} is missing. Choose all the files of its repository, with those of the folder onnx.`,
  );
}
