import { readFileSync } from 'node:fs';
import { createServer, type ViteDevServer } from 'vite';
import { CHROMIUM_ARGS, ensureChromium, SOFTWARE_WEBGPU_ARGS } from '../scripts/chromium.ts';
import { expect, test } from './fixtures.ts';
import type { Decoded, DecodeRequest } from './golden/decode.ts';

/**
 * The graphs against an independent implementation of the same weights (scripts/reference/): ids equal, log-probabilities
 * and attention within the tolerance that the golden file states for the arithmetic. The page of this test is served from
 * the sources, because the built page shows text and no ids.
 */

interface Search {
  ids: number[];
  logProbs: number[];
  steps: { ids: number[]; logProbs: number[]; attention: number[] }[];
}

interface Golden {
  tolerance: Record<Arithmetic, number>;
  /** A sentence too close to call in an arithmetic has no record for it. */
  sentences: { text: string; sourceIds: number[]; float?: Search; int8?: Search }[];
}

type Arithmetic = 'float' | 'int8';

/** WASM computes in int8, WebGPU in float32. */
const ARITHMETIC = { wasm: 'int8', webgpu: 'float' } as const;
const STEPS = 3;

test.use({ launchOptions: { executablePath: ensureChromium(), args: [...CHROMIUM_ARGS, ...SOFTWARE_WEBGPU_ARGS] } });

let server: ViteDevServer;
test.beforeAll(async () => {
  server = await createServer({ server: { port: 4177 }, logLevel: 'warn' });
  await server.listen();
});
test.afterAll(() => server.close());
test.beforeEach(async ({ page }) => {
  await page.goto(new URL('e2e/golden/', server.resolvedUrls!.local[0]).href);
  await page.waitForFunction(() => 'decodeSteps' in globalThis);
});

function readGolden(
  model: string,
  arithmetic: Arithmetic,
): { tolerance: number; sentences: { source: number[]; search: Search }[] } {
  const golden = JSON.parse(readFileSync(`models/${model}/golden.json`, 'utf8')) as Golden;
  const sentences = golden.sentences.flatMap(({ sourceIds, [arithmetic]: search }) =>
    search ? [{ source: sourceIds, search }] : [],
  );
  expect(sentences.length).toBeGreaterThan(10);
  return { tolerance: golden.tolerance[arithmetic], sentences };
}

/** The largest difference between two lists of numbers. */
function difference(found: number[], wanted: number[]): number {
  expect(found).toHaveLength(wanted.length);
  return found.reduce((largest, value, i) => Math.max(largest, Math.abs(value - wanted[i]!)), 0);
}

function expectGolden(found: Decoded[], searches: Search[], tolerance: number): void {
  expect(found.map(({ ids }) => ids)).toEqual(searches.map(({ ids }) => ids));
  found.forEach(({ logProbs, attention }, i) => {
    const search = searches[i]!;
    expect(difference(logProbs, search.logProbs)).toBeLessThan(tolerance);
    search.steps.forEach((step, t) => expect(difference(attention[t]!, step.attention)).toBeLessThan(tolerance));
  });
}

for (const model of ['en-pt', 'pt-en']) {
  for (const graphs of ['wasm', 'webgpu'] as const) {
    test(`${model}: the ${graphs} graphs on WASM are the reference’s`, async ({ page }) => {
      const golden = readGolden(model, ARITHMETIC[graphs]);
      // Without a shortlist every step scores the whole vocabulary, in float32 twice as long.
      const { tolerance } = golden;
      const sentences = graphs === 'wasm' ? golden.sentences : golden.sentences.slice(0, 8);
      const searches = sentences.map(({ search }) => search);
      const request: DecodeRequest = { model, graphs, on: 'wasm', sources: sentences.map(({ source }) => source) };
      expectGolden(await page.evaluate((asked) => decodeGreedy(asked), request), searches, tolerance);

      const first = sentences.slice(0, 6);
      const found = await page.evaluate(async ([asked, steps]) => decodeSteps(asked, steps), [
        { ...request, sources: first.map(({ source }) => source) },
        STEPS,
      ] as const);
      first.forEach(({ search }, i) => {
        search.steps.forEach((step, t) => {
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
  expectGolden(
    onGpu,
    few.map(({ search }) => search),
    tolerance,
  );
});
