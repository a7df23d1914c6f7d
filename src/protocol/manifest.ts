import * as v from 'valibot';

/**
 * What `models/<id>/manifest.json` holds. Written by scripts/export-model.ts (or by an import in the browser), read by the
 * model store. Parsed with a schema because a manifest is a file from a network: nothing in it is trusted before it fits.
 */
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const bytes = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4 * 2 ** 30));
/** A plain file name: a manifest must not be able to reach outside its own folder. */
const fileName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i));

const part = v.object({
  /** What the part is for, e.g. `weights`, `encoder`, `decoder`, `tokeniser`, `lexicon`. */
  role: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  /** The file as shipped, gzipped: `weights.bin.gz`. */
  file: fileName,
  packedBytes: bytes,
  packedSha256: sha256,
  unpackedBytes: bytes,
  unpackedSha256: sha256,
  /** Only fetched when this provider is used; absent: always. */
  provider: v.optional(v.picklist(['wasm', 'webgpu'])),
  /** Fetched with the model, so that it works offline, but read only when it is first needed (the beam-search graph). */
  lazy: v.optional(v.boolean()),
});

export const manifestSchema = v.object({
  format: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)),
  kind: v.literal('translation'),
  name: v.pipe(v.string(), v.maxLength(100)),
  from: v.array(v.string()),
  to: v.array(v.string()),
  licence: v.string(),
  source: v.string(),
  parts: v.array(part),
  /** What the engine must know of the architecture; the graphs hold the rest. */
  architecture: v.object({
    type: v.literal('marian-ssru'),
    dim: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8192)),
    heads: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
    encoderLayers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
    decoderLayers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
    vocabulary: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(1_000_000)),
    /** Longest source or target, in tokens, that the position table covers. */
    positions: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(65536)),
    eosId: v.number(),
    unkId: v.number(),
  }),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type ManifestPart = Manifest['parts'][number];
