import { readFileSync } from 'node:fs';
import { createServer, type ViteDevServer } from 'vite';
import { readSquashed } from './squashed.ts';
import { CHROMIUM_ARGS, ensureChromium, SOFTWARE_WEBGPU_ARGS } from '../scripts/chromium.ts';
import { expect, test } from './fixtures.ts';
import { countBuffers } from './gpuBuffers.ts';
import { PORTS } from './ports.ts';
import type { Decoded, DecodeRequest } from './golden/decode.ts';

/**
 * The graphs against an independent implementation of the same weights (scripts/reference/): ids equal, log-probabilities
 * and attention within the tolerance that the golden file states for the arithmetic. The page of this test is served from
 * the sources, because the built page shows text and no ids.
 */

/** What a search computed on the way. */
interface Values {
  logProbs: number[];
  steps: { ids: number[]; logProbs: number[]; attention: number[] }[];
}

type Search = Values & { ids: number[] };

interface Golden {
  tolerance: Record<Arithmetic, number>;
  /**
   * A search that is too close to call has no record; where a float's last bits decide between two steps of an int8 value,
   * only its ids are kept.
   */
  sentences: { text: string; sourceIds: number[]; float?: Search; int8?: Search; int8Ids?: number[] }[];
}

interface Sentence {
  source: number[];
  ids: number[];
  values: Values | undefined;
}

type Arithmetic = 'float' | 'int8';

/** WASM computes in int8, WebGPU in float32. */
const ARITHMETIC = { wasm: 'int8', webgpu: 'float' } as const;
const STEPS = 3;

test.use({ launchOptions: { executablePath: ensureChromium(), args: [...CHROMIUM_ARGS, ...SOFTWARE_WEBGPU_ARGS] } });

let server: ViteDevServer;
test.beforeAll(async () => {
  server = await createServer({ server: { port: PORTS.own }, logLevel: 'warn' });
  await server.listen();
});
test.afterAll(() => server.close());
test.beforeEach(async ({ page }) => {
  await page.addInitScript(countBuffers);
  await page.goto(new URL('e2e/golden/', server.resolvedUrls!.local[0]).href);
  await page.waitForFunction(() => 'decodeSteps' in globalThis);
});

function readGolden(model: string, arithmetic: Arithmetic): { tolerance: number; sentences: Sentence[] } {
  const golden = JSON.parse(readFileSync(`models/${model}/golden.json`, 'utf8')) as Golden;
  const sentences = golden.sentences.flatMap(({ sourceIds: source, [arithmetic]: values, int8Ids }): Sentence[] => {
    const ids = values?.ids ?? (arithmetic === 'int8' ? int8Ids : undefined);
    return ids ? [{ source, ids, values }] : [];
  });
  expect(sentences.filter(({ values }) => values).length).toBeGreaterThan(5);
  return { tolerance: golden.tolerance[arithmetic], sentences };
}

/** The largest difference between two lists of numbers. */
function difference(found: number[], wanted: number[]): number {
  expect(found).toHaveLength(wanted.length);
  return found.reduce((largest, value, i) => Math.max(largest, Math.abs(value - wanted[i]!)), 0);
}

function expectGolden(found: Decoded[], wanted: Sentence[], tolerance: number): void {
  expect(found.map(({ ids }) => ids)).toEqual(wanted.map(({ ids }) => ids));
  wanted.forEach(({ values }, i) => {
    if (!values) return;
    const { logProbs, attention } = found[i]!;
    expect(difference(logProbs, values.logProbs)).toBeLessThan(tolerance);
    values.steps.forEach((step, t) => expect(difference(attention[t]!, step.attention)).toBeLessThan(tolerance));
  });
}

for (const model of ['en-pt', 'pt-en']) {
  for (const graphs of ['wasm', 'webgpu'] as const) {
    test(`${model}: the ${graphs} graphs on WASM are the reference’s`, async ({ page }) => {
      const golden = readGolden(model, ARITHMETIC[graphs]);
      const { tolerance } = golden;
      // Without a shortlist every step scores the whole vocabulary, in float32 twice as long.
      const sentences = graphs === 'wasm' ? golden.sentences : golden.sentences.slice(0, 8);
      const request: DecodeRequest = { model, graphs, on: 'wasm', sources: sentences.map(({ source }) => source) };
      expectGolden(await page.evaluate((asked) => decodeGreedy(asked), request), sentences, tolerance);

      const first = sentences.filter(({ values }) => values).slice(0, 6);
      const found = await page.evaluate(async ([asked, steps]) => decodeSteps(asked, steps), [
        { ...request, sources: first.map(({ source }) => source) },
        STEPS,
      ] as const);
      first.forEach(({ values }, i) => {
        values!.steps.forEach((step, t) => {
          const distribution = found[i]!.distributions[t]!;
          expect(
            difference(
              step.ids.map((id) => distribution[id]!),
              step.logProbs,
            ),
          ).toBeLessThan(tolerance);
          expect(difference(found[i]!.attention[t]!, step.attention)).toBeLessThan(tolerance);
        });
      });
    });
  }
}

/** A few short sentences: Chromium's software adapter is right, and some hundred times too slow. */
test('the WebGPU graphs give the same tokens on WebGPU as on WASM', async ({ page }) => {
  test.setTimeout(240_000);
  const { tolerance, sentences } = readGolden('en-pt', 'float');
  const few = sentences.slice(0, 2);
  const request: DecodeRequest = {
    model: 'en-pt',
    graphs: 'webgpu',
    on: 'webgpu',
    sources: few.map(({ source }) => source),
  };
  const onGpu = await page.evaluate((asked) => decodeGreedy(asked), request);
  const onWasm = await page.evaluate((asked) => decodeGreedy(asked), { ...request, on: 'wasm' as const });
  expect(onGpu.map(({ ids }) => ids)).toEqual(onWasm.map(({ ids }) => ids));
  expectGolden(onGpu, few, tolerance);
});

test('what the decoder remembers stays on the device, and a hundred runs leave no more there than ten', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const [few, ten, hundred] = await page.evaluate((times) => decodeOften(times), [2, 10, 100]);
  expect(ten!.alive).toBeGreaterThan(0);
  expect(hundred!.alive).toBeLessThanOrEqual(ten!.alive);
  // The ids, scores and attention of two calls, and what the runtime's own loop asks for; never what the decoder remembers.
  const runs = 100 - 2;
  expect((hundred!.downloads - few!.downloads) / runs).toBeLessThanOrEqual(23);
});

interface GoldenPictures {
  photographs: { file: string; greedy: { ids: number[] } }[];
}

for (const model of ['caption', 'caption-lstm']) {
  test(`${model} says of pictures what PyTorch says`, async ({ page }) => {
    const golden = JSON.parse(readFileSync(`models/${model}/golden.json`, 'utf8')) as GoldenPictures;
    expect(golden.photographs.length).toBeGreaterThan(2);
    for (const { file, greedy } of golden.photographs) {
      const rgba = Buffer.from(readSquashed(file).rgba);
      const ids = await page.evaluate((asked) => captionGreedy(asked), { model, rgba: rgba.toString('base64') });
      expect(ids).toEqual(greedy.ids);
    }
  });
}
