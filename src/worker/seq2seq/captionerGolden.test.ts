import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { manifestSchema } from '../../protocol/manifest.ts';
import { pixelPicture } from '../features/image/picture.ts';
import { toPixels } from '../features/image/pixels.ts';
import { readSquashed } from '../../../e2e/squashed.ts';
import { beamSearch } from './beam.ts';
import type { CaptionerModel, Seen } from './captioner.ts';
import { openCaptioner } from './openCaptioner.ts';

const { signal } = new AbortController();
/** PyTorch computes with the same weights, rounded to int8, in float32 too. */
const TOLERANCE = 0.002;

const said = v.object({
  ids: v.array(v.number()),
  logProbs: v.array(v.number()),
  attention: v.array(v.array(v.number())),
});
const schema = v.object({
  photographs: v.array(
    v.object({
      file: v.string(),
      sha256: v.string(),
      labels: v.array(v.tuple([v.number(), v.number()])),
      greedy: said,
      beam: said,
    }),
  ),
});

function readPixels(file: string, sha256: string, architecture: Parameters<typeof toPixels>[1]): Float32Array {
  const { width, height, rgb, rgba } = readSquashed(file);
  expect(createHash('sha256').update(rgb).digest('hex')).toBe(sha256);
  return toPixels(pixelPicture(rgba, width, height), architecture);
}

describe.each(['caption', 'caption-lstm'])('%s', (id) => {
  const folder = new URL(`../../../models/${id}/`, import.meta.url);
  const read = (file: string): Buffer => readFileSync(new URL(file, folder));
  const { photographs } = v.parse(schema, JSON.parse(read('golden.json').toString()));
  const manifest = v.parse(manifestSchema, JSON.parse(read('manifest.json').toString()));
  if (manifest.kind !== 'captioning' || manifest.architecture.type !== 'captioner')
    throw new Error(`${id} is no captioner.`);
  const { architecture } = manifest;
  const part = (role: string): Promise<Uint8Array> => {
    const file = manifest.parts.find((each) => each.role === role)?.file ?? '';
    return Promise.resolve(Uint8Array.from(gunzipSync(read(file))));
  };
  const open = (suppressIds: number[]): Promise<CaptionerModel> =>
    openCaptioner({
      architecture: { ...architecture, suppressIds },
      part,
      provider: 'wasm',
      threads: 1,
      lane: 0,
      signal,
    });
  let model: CaptionerModel;
  /** Which tokens are never said is part of searching: the log-probabilities of the golden file are those of all. */
  let plain: CaptionerModel;
  beforeAll(async () => {
    [model, plain] = await Promise.all([open(architecture.suppressIds), open([])]);
  }, 60_000);

  const see = (file: string, sha256: string): Promise<Seen> =>
    model.see(readPixels(file, sha256, architecture), signal);

  it.each(photographs)('says of $file what PyTorch says', async ({ file, sha256, labels, greedy }) => {
    const seen = await see(file, sha256);
    for (const [index, probability] of labels) expect(seen.labels[index]).toBeCloseTo(probability, 3);
    const [found] = await beamSearch(model, [{ features: seen, maxTokens: model.maxTokens }], {
      beams: 1,
      hypotheses: 1,
      lengthPenalty: 1,
      signal,
    });
    expect([...(found?.hypotheses[0]?.ids ?? [])]).toEqual(greedy.ids);
  });

  it.each(photographs)('believes and attends as PyTorch does: $file', async ({ file, sha256, beam }) => {
    const state = await plain.start([await see(file, sha256)], { beams: 1, prompt: new Int32Array(), signal });
    let worst = 0;
    for (const [t, id] of [...beam.ids, model.eosId].entries()) {
      const { logProbs, attention } = await plain.step(Int32Array.of(beam.ids[t - 1] ?? 0), state, signal);
      worst = Math.max(worst, Math.abs((logProbs[id] ?? Infinity) - (beam.logProbs[t] ?? 0)));
      beam.attention[t]?.forEach((value, cell) => {
        worst = Math.max(worst, Math.abs((attention?.[cell] ?? Infinity) - value));
      });
    }
    expect(worst).toBeLessThan(TOLERANCE);
  });
});
