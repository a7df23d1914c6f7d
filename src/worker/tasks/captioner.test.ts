import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSquashed } from '../../../e2e/squashed.ts';
import { manifestSchema } from '../../protocol/manifest.ts';
import { CaptionPolicy } from '../features/captionPolicy.ts';
import { countableNames, parseCaptionTables } from '../features/captionTables.ts';
import { parseCaptionWords } from '../features/captionWords.ts';
import { pixelPicture } from '../features/image/picture.ts';
import { toPixels } from '../features/image/pixels.ts';
import type { Seen } from '../seq2seq/captioner.ts';
import { onceOfGroup } from '../seq2seq/logits.ts';
import { openCaptioner } from '../seq2seq/openCaptioner.ts';
import { describe as put, type Captioner } from './captioner.ts';

const { signal } = new AbortController();
const schema = v.object({
  photographs: v.array(
    v.object({
      file: v.string(),
      policy: v.object({ text: v.string(), mean: v.number(), confidence: v.number(), unsure: v.boolean() }),
    }),
  ),
});
describe.each(['caption', 'caption-lstm'])('%s', (id) => {
  const folder = new URL(`../../../models/${id}/`, import.meta.url);
  const read = (file: string): Buffer => readFileSync(new URL(file, folder));
  const { photographs } = v.parse(schema, JSON.parse(read('golden.json').toString()));

  let captioner: Captioner;
  beforeAll(async () => {
    const manifest = v.parse(manifestSchema, JSON.parse(read('manifest.json').toString()));
    if (manifest.kind !== 'captioning' || manifest.architecture.type !== 'captioner')
      throw new Error(`${id} is no captioner.`);
    const { architecture, parts } = manifest;
    const part = (role: string): Promise<Uint8Array> => {
      const file = parts.find((each) => each.role === role)?.file ?? '';
      return Promise.resolve(Uint8Array.from(gunzipSync(read(file))));
    };
    const model = await openCaptioner({ architecture, part, provider: 'wasm', threads: 1, lane: 0, signal });
    const tables = parseCaptionTables(await part('labels'));
    const words = parseCaptionWords(await part('vocabulary'), architecture.vocabulary, countableNames(tables));
    const policy = new CaptionPolicy(tables, words);
    captioner = { architecture, model, words, policy, once: onceOfGroup(policy.groups) };
  }, 60_000);

  const see = (file: string): Promise<Seen> => {
    const { rgba, width, height } = readSquashed(file);
    const pixels = toPixels(pixelPicture(rgba, width, height), captioner.architecture);
    return captioner.model.see(pixels, signal);
  };

  it.each(photographs)('says of $file what the policy of the training says', async ({ file, policy }) => {
    const found = await put(captioner, await see(file), { beams: 3, alternatives: 0, signal });
    expect(found.text).toBe(policy.text);
    expect(found.score).toBeCloseTo(policy.mean, 3);
    expect(found.confidence).toBeCloseTo(policy.confidence, 3);
    expect(found.unsure).toBe(policy.unsure);
    expect(found.words.map(({ text }) => text).join(' ')).toBe(found.text);
    expect(found.words.every(({ attention }) => attention.length === 64)).toBe(true);
  });

  it('gives other captions, and each only once', async () => {
    const seen = await see('astronaut.png');
    const { text, alternatives } = await put(captioner, seen, { beams: 3, alternatives: 3, signal });
    expect(alternatives).toHaveLength(3);
    expect(new Set([text, ...alternatives.map((other) => other.text)]).size).toBe(4);
  });
});
