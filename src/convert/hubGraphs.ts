import { parseOnnxGraph, type OnnxGraph, type OnnxValue } from '../formats/onnxGraph.ts';
import { EngineError } from '../protocol/errors.ts';
import type { HubSignature } from '../protocol/manifest.ts';
import type { Provider } from '../protocol/types.ts';
import type { ConvertedPart } from './converted.ts';
import { nameOf, type ForeignFile } from './foreign.ts';
import type { GraphRole, HubFiles } from './hubFiles.ts';

/** What the graphs themselves say. */
type Signature = Omit<HubSignature, 'family'>;

const DECODER_INPUTS = ['input_ids', 'encoder_attention_mask', 'encoder_hidden_states', 'use_cache_branch'] as const;
type DecoderInput = (typeof DECODER_INPUTS)[number];
const PAST = /^past_key_values\.(\d+)\.(?:(decoder|encoder)\.)?(key|value)$/;

/**
 * Reads the graphs of a model: their files as parts, as they are, and what their signatures say.
 * @param encoderInputs what the encoder may be fed
 * @throws EngineError model-corrupt, or unsupported-model for graphs that are not those of such a model
 */
export async function readHubGraphs(
  files: HubFiles,
  encoderInputs: readonly string[],
): Promise<{ signature: Signature; parts: ConvertedPart[] }> {
  const parts: ConvertedPart[] = [];
  const external: Partial<Record<GraphRole, string>> = {};
  const read = async (role: GraphRole, file: ForeignFile, provider?: Provider): Promise<OnnxGraph> => {
    const bytes = await file.bytes();
    const graph = parseOnnxGraph(bytes);
    requireFloats(graph, file);
    const place = provider ? { provider } : {};
    parts.push({ role, file: nameOf(file), bytes, ...place });
    const [data, ...others] = graph.externalFiles;
    if (data === undefined) return graph;
    const weights = others.length === 0 ? files.beside(file, data) : undefined;
    if (!weights) throw missingWeights(file, graph.externalFiles);
    external[role] ??= data;
    if (external[role] !== data)
      throw unsupported(
        `the files of its ${role} do not agree on where their weights are. Choose those of one precision.`,
      );
    parts.push({ role: `${role}-weights`, file: data, bytes: await weights.bytes(), ...place });
    return graph;
  };
  const graphs: Partial<Record<GraphRole, OnnxGraph>> = {};
  for (const role of ['encoder', 'decoder', 'step'] as const) {
    const chosen = files.graphs[role];
    if (!chosen) continue;
    const both = chosen.wasm === chosen.webgpu;
    graphs[role] = await read(role, chosen.wasm, both ? undefined : 'wasm');
    if (!both) await read(role, chosen.webgpu, 'webgpu');
  }
  const { encoder, decoder, step } = graphs;
  if (!encoder || !decoder) throw unsupported('it has no encoder or no decoder.');
  const strange = encoder.inputs.find(({ name }) => !encoderInputs.includes(name));
  if (strange) throw unsupported(`its encoder wants "${strange.name.slice(0, 60)}", which is not supported yet.`);
  return { signature: { ...signatureOf(decoder, step), external }, parts };
}

function signatureOf(decoder: OnnxGraph, step: OnnxGraph | undefined): Omit<Signature, 'external'> {
  const later = step ?? decoder;
  const past = later.inputs.filter(({ name }) => PAST.test(name));
  const crossCache = past.some(({ name }) => name.includes('.encoder.'));
  const [first] = past;
  if (!first)
    throw unsupported(
      'its decoder keeps nothing from step to step. Choose decoder_model_merged or decoder_with_past_model.',
    );
  const layers = new Set(past.map(({ name }) => PAST.exec(name)?.[1])).size;
  const logits = decoder.outputs.find(({ name }) => name === 'logits')?.dims.at(-1);
  if (typeof logits !== 'number') throw unsupported('its decoder gives no logits over a vocabulary of a fixed size.');
  const [, heads, , headSize] = first.dims;
  if (
    typeof heads !== 'number' ||
    typeof headSize !== 'number' ||
    past.some((value) => !isLike(value, heads, headSize))
  )
    throw unsupported('its layers have keys and values of different or unknown sizes.');
  const attentions = later.outputs.filter(({ name }) => /^cross_attentions\.\d+$/.test(name));
  return {
    decoderLayers: layers,
    heads,
    headSize,
    vocabulary: logits,
    crossCache,
    decoderInputs: decoderInputs(decoder),
    ...(step && { stepInputs: decoderInputs(step) }),
    attention: attentions.length === layers,
  };
}

function isLike({ dims }: OnnxValue, heads: number, headSize: number): boolean {
  return dims.length === 4 && dims[1] === heads && dims[3] === headSize;
}

function decoderInputs({ inputs }: OnnxGraph): DecoderInput[] {
  return inputs.flatMap(({ name }) => {
    if (PAST.test(name)) return [];
    const known = DECODER_INPUTS.find((input) => input === name);
    if (!known) throw unsupported(`its decoder wants "${name.slice(0, 60)}", which is not supported yet.`);
    return [known];
  });
}

/** What goes in and out must be float32; what is inside may be anything. */
function requireFloats({ inputs, outputs }: OnnxGraph, file: ForeignFile): void {
  const other = [...inputs, ...outputs].find(({ type }) => !['float32', 'int64', 'bool'].includes(type));
  if (other)
    throw unsupported(
      `${nameOf(file)} keeps "${other.name.slice(0, 60)}" as ${other.type}, which is not supported yet. Choose its files in 8 bits (quantized) or in 32.`,
    );
}

function missingWeights(file: ForeignFile, names: string[]): EngineError {
  return new EngineError(
    'unsupported-model',
    `The weights of ${nameOf(file)} are missing: they are in ${names.slice(0, 3).join(', ').slice(0, 200)}. Choose the files of its folder with them.`,
  );
}

function unsupported(reason: string): EngineError {
  return new EngineError('unsupported-model', `This model cannot be run here: ${reason}`);
}
