import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { safeParse } from 'valibot';
import { GraphBuilder } from '../../src/convert/builder.ts';
import { ProtobufWriter } from '../../src/convert/protobuf.ts';
import { convertSilero } from '../../src/convert/silero.ts';
import { WeightStore } from '../../src/convert/weights.ts';
import { parseOnnxTensors } from '../../src/formats/onnx.ts';
import { onnxOutputs } from '../../src/formats/onnxOutputs.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { manifestSchema, type Manifest, type ManifestPart } from '../../src/protocol/manifest.ts';
import { parseManifest } from '../../src/worker/store/manifests.ts';
import { unpackPart } from '../../src/worker/store/unpack.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';
import { reshapeJson } from './json.ts';

const REFUSALS = ['model-corrupt', 'unsupported-model'] as const;

function graph(): Uint8Array {
  const g = new GraphBuilder('g', new WeightStore());
  g.op('Add', [g.constant('int64', [1, 2]), g.constant('float32', [3, 4])]);
  return g.toModel();
}

/** A graph in an attribute of a node, as `If` and `Loop` have it. */
function nestedGraph(): Uint8Array {
  const tensor = (message: ProtobufWriter): unknown =>
    message.varint(1, 2).varint(2, 1).string(8, 't').bytes(9, new Uint8Array(8));
  return new ProtobufWriter()
    .message(7, (outer) =>
      outer
        .message(1, (node) =>
          node.string(2, 'out').message(5, (branch) => branch.message(6, (inner) => inner.message(5, tensor))),
        )
        .message(5, tensor),
    )
    .finish();
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const packed = gzipSync(new Uint8Array(300).fill(7));

/** A manifest's entry for whatever bytes come: then the unpacking alone is between them and the engine. */
function partOf(bytes: Uint8Array, unpackedBytes: number): ManifestPart {
  return {
    role: 'weights',
    file: 'weights.bin.gz',
    packedBytes: bytes.length,
    packedSha256: hash(bytes),
    unpackedBytes,
    unpackedSha256: hash(new Uint8Array(300).fill(7)),
  };
}

const common = { format: 1 as const, name: 'A model', from: ['en'], to: ['pt'], licence: 'MPL-2.0', source: 'a test' };
const manifests: Manifest[] = [
  {
    ...common,
    id: 'en-pt',
    kind: 'translation',
    parts: [{ ...partOf(packed, 300), provider: 'wasm', lazy: true }],
    needs: ['other'],
    architecture: {
      ...{ type: 'marian-ssru', dim: 16, heads: 2, encoderLayers: 1, decoderLayers: 1, vocabulary: 30, positions: 512 },
      ...{ eosId: 0, unkId: 1 },
    },
  },
  {
    ...common,
    id: 'vad',
    kind: 'voice-activity',
    parts: [partOf(packed, 300)],
    architecture: { type: 'silero-vad', sampleRateHz: 16000, windowSamples: 512, contextSamples: 64 },
  },
  {
    ...common,
    id: 'caption',
    kind: 'captioning',
    parts: [],
    architecture: {
      ...{ type: 'captioner', size: 64, mean: [0, 0, 0], deviation: [1, 1, 1], grid: [4, 4], vocabulary: 9 },
      ...{ positions: 20, bosId: 1, eosId: 2, suppressIds: [0] },
    },
  },
];

export const modelTargets: Target[] = [
  {
    name: 'onnx',
    seeds: [graph(), nestedGraph()],
    read: (file) => {
      const tensors = parseOnnxTensors(file);
      onnxOutputs(file);
      try {
        convertSilero(file);
      } catch (error) {
        // Nothing here is a voice-activity model: to be refused is right, to fail is not.
        if (!(error instanceof EngineError)) throw error;
      }
      return tensors;
    },
    refusals: REFUSALS,
  },
  {
    name: 'manifest',
    seeds: manifests.map((manifest) => new TextEncoder().encode(JSON.stringify(manifest))),
    words: [
      '"parts"',
      '"needs"',
      '"kind":',
      '"../x"',
      '[',
      ']',
      '{',
      '}',
      ',',
      'null',
      '1e999',
      '-0',
      '\\u0000',
      '"__proto__":',
    ],
    reshape: reshapeJson,
    read: (file) => {
      const manifest = parseManifest(new TextDecoder().decode(file));
      expect(safeParse(manifestSchema, JSON.parse(JSON.stringify(manifest))).success, 'what was read can be kept');
      const ids = Object.entries(manifest.architecture).filter(([key]) => /^(eos|bos|unk)Id$/.test(key));
      expect(
        ids.every(([, id]) => Number.isInteger(id) && Number(id) >= 0),
        'ids are whole numbers',
      );
      return manifest;
    },
    refusals: REFUSALS,
  },
  {
    name: 'model-part',
    seeds: [packed, new Uint8Array(300).fill(7)],
    words: [packed, packed.subarray(0, 10), new Uint8Array(300).fill(7)],
    reshape: (random) => gzipSync(new Uint8Array(random.small(1, 300_000)).fill(7)),
    read: async (file) => (
      await unpackPart(partOf(file, 2 ** 32), file).catch(ignoreRefusal),
      unpackPart(partOf(file, 300), file)
    ),
    refusals: ['model-corrupt'],
  },
];

/** A manifest that promises more than there is must not cost more either. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof EngineError)) throw error;
}
