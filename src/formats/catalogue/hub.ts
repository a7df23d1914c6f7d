import * as v from 'valibot';
import type { CatalogueEntry, CatalogueFile } from '../../protocol/catalogue.ts';
import { EngineError } from '../../protocol/errors.ts';
import { sourceNamed } from '../../protocol/hosts.ts';
import { idOf, own, readIndex, tagOf } from './readIndex.ts';

/*
 * A repository of the Hugging Face Hub in the layout that transformers.js reads (https://github.com/huggingface/transformers.js):
 * JSON files at its top, and under `onnx/` an `encoder_model` and a `decoder_model_merged` (or, in older ones, a `decoder_model`
 * and a `decoder_with_past_model`), each whole and quantised in several ways, which a suffix tells. What a repository holds is told by the Hub's API (https://huggingface.co/docs/hub/api),
 * `api/models/<owner>/<name>?blobs=true`:
 *
 *     { "id": "Xenova/opus-mt-en-de", "pipeline_tag": "translation", "cardData": { "license": "cc-by-4.0" },
 *       "siblings": [ { "rfilename": "onnx/encoder_model.onnx", "size": 199000000,
 *                       "lfs": { "sha256": "<sha256>", "size": 199000000, "pointerSize": 134 } } ] }
 *
 * A file lies at `<owner>/<name>/resolve/main/<path>`.
 */

/** What the graphs of each precision are called by, the one first that runs best on WASM. */
const SUFFIXES = ['_quantized', '_int8', '_uint8', '', '_q4', '_bnb4', '_fp16', '_q4f16'];
const GRAPHS = [
  ['encoder_model', 'decoder_model_merged'],
  ['encoder_model', 'decoder_model', 'decoder_with_past_model'],
];
/** Read beside the graphs, where they are there. */
const READ = /^(config|generation_config|preprocessor_config|tokenizer|tokenizer_config)\.json$/;

const KINDS: Record<string, CatalogueEntry['kind']> = {
  translation: 'translation',
  'automatic-speech-recognition': 'speech',
  'image-to-text': 'captioning',
  summarization: 'summary',
};

const size = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40));
const word = v.pipe(v.string(), v.maxLength(100));

const repository = v.object({
  pipeline_tag: v.optional(v.nullable(word)),
  cardData: v.optional(v.nullable(v.object({ license: v.optional(v.unknown()) }))),
  siblings: v.pipe(
    v.array(
      v.object({
        rfilename: v.pipe(v.string(), v.maxLength(300)),
        size: v.optional(v.nullable(size)),
        lfs: v.optional(v.nullable(v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }))),
      }),
    ),
    v.maxLength(10_000),
  ),
});

type Sibling = v.InferOutput<typeof repository>['siblings'][number];

/** Whether something is named as the Hub names repositories: `owner/name`. */
export function isRepository(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/.test(name) && !name.includes('..');
}

/** Where the Hub says what a repository holds. @param name - `owner/name` */
export function hubIndex(name: string): string {
  return `${HUB}api/models/${name}?blobs=true`;
}

const HUB = sourceNamed('hub').addresses[0] ?? '';

/**
 * The model of a repository.
 * @param name - `owner/name`
 * @throws EngineError not-a-model (not the Hub's answer) or unsupported-model, which names what is missing in the repository
 */
export function readHub(name: string, text: string): CatalogueEntry {
  const { pipeline_tag, cardData, siblings } = readIndex(repository, text);
  const known = new Map(siblings.map((sibling) => [sibling.rfilename, sibling]));
  const choices = GRAPHS.flatMap((names) =>
    SUFFIXES.map((suffix) => names.map((graph) => `onnx/${graph}${suffix}.onnx`)),
  );
  const graphs = choices.find((paths) => paths.every((path) => known.has(path)));
  const missing = ['config.json', 'tokenizer.json'].find((file) => !known.has(file));
  if (graphs === undefined || missing !== undefined) {
    const lacking =
      missing ??
      'onnx/encoder_model.onnx with onnx/decoder_model_merged.onnx, or with decoder_model.onnx and decoder_with_past_model.onnx';
    const message = `"${name}" is no model in the layout of transformers.js that Glossa can run: it has no ${lacking}.`;
    throw new EngineError('unsupported-model', message);
  }
  const wanted = siblings.filter(
    ({ rfilename }) => READ.test(rfilename) || graphs.some((graph) => isOf(rfilename, graph)),
  );
  const files = wanted.map((sibling) => fileOf(name, sibling));
  const licence = licenceOf(cardData?.license);
  const kind = own(KINDS, pipeline_tag ?? '');
  const whole = files.every((each) => each.bytes !== undefined);
  return {
    source: 'hub',
    id: idOf('hub', name),
    name,
    ...(kind && { kind }),
    ...languagesOf(name),
    ...(whole && { bytes: files.reduce((sum, { bytes = 0 }) => sum + bytes, 0) }),
    ...(licence !== undefined && { licence }),
    page: `${HUB}${name}`,
    files,
  };
}

/** A graph itself, or the weights of one that is too large for a file (`encoder_model.onnx_data`). */
const isOf = (path: string, graph: string): boolean => path === graph || path === `${graph}_data`;

function fileOf(name: string, { rfilename, size: bytes, lfs }: Sibling): CatalogueFile {
  return {
    path: rfilename,
    url: `${HUB}${name}/resolve/main/${rfilename}`,
    ...(typeof bytes === 'number' && { bytes }),
    ...(lfs && { sha256: lfs.sha256 }),
  };
}

/** A card may say anything: one word, several, or none. */
function licenceOf(given: unknown): string | undefined {
  const [first] = Array.isArray(given) ? (given as unknown[]) : [given];
  return typeof first === 'string' && first !== '' ? first.slice(0, 100) : undefined;
}

/** A pair that is in the name (`opus-mt-en-de`); a card only lists languages, and the files know the tags of their own. */
function languagesOf(name: string): { from: string[]; to: string[] } {
  const pair = /opus-mt-(?:tc-big-)?([a-z]{2,3})-([a-z]{2,3})$/i.exec(name)?.slice(1) ?? [];
  const [from, to] = pair.map((code) => tagOf(code));
  return from && to ? { from: [from], to: [to] } : { from: [], to: [] };
}
