import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import { clearRequests, keepRules, MOST_REQUESTS, readRequests, readRules } from '../library/network.ts';
import { DEFAULT_RULES, purposeOf } from '../protocol/network.ts';
import { currentRules, rereadRules } from './offlineLock.ts';
import { describeRequest, logRequest } from './requestLog.ts';

const BASE = 'https://glossa.test/some/path/';

beforeEach(clearRequests);

it.each([
  ['', { purpose: 'page' }],
  ['index.html', { purpose: 'page' }],
  ['assets/index-x.js', { purpose: 'shell' }],
  ['icon.svg', { purpose: 'shell' }],
  ['assets/ort-wasm-simd-threaded-x.wasm', { purpose: 'runtime' }],
  ['assets/ort-wasm-simd-threaded-x.mjs', { purpose: 'runtime' }],
  ['models/index.json', { purpose: 'models' }],
  ['models/en-pt/encoder.onnx.gz', { purpose: 'model', model: 'en-pt' }],
  ['assets/example-x.webm', { purpose: 'example' }],
  ['something', { purpose: 'other' }],
  ['../beside.js', { purpose: 'other' }],
  ['https://elsewhere.test/some/path/index.html', { purpose: 'elsewhere' }],
  ['https://huggingface.co/owner/name/resolve/main/config.json', { purpose: 'source', source: 'hub' }],
  ['https://us.aws.cdn.hf.co/xet-bridge-us/1?X-Amz-Date=1', { purpose: 'source', source: 'hub' }],
  ['mirror/mozilla/db/models.json', { purpose: 'source', source: 'mozilla' }],
  ['mirror/index.json', { purpose: 'shell' }],
])('knows what "%s" is for', (path, purpose) => {
  expect(purposeOf(new URL(path, BASE).href, BASE)).toEqual(purpose);
});

it('keeps what was asked and who answered, and nothing that a reader wrote', async () => {
  const response = new Response('', { headers: { 'Content-Length': '1234' } });
  const written = [
    describeRequest(`${BASE}?text=secret#t=secret`, BASE, 'page', 'device'),
    describeRequest(`${BASE}models/en-pt/x.gz`, BASE, 'worker', 'network', response),
  ];
  await Promise.all(written.map(logRequest));
  const { records } = await readRequests();
  expect(records).toEqual(written);
  expect(JSON.stringify(records)).not.toContain('secret');
  expect(records[1]).toMatchObject({ purpose: 'model', model: 'en-pt', bytes: 1234, client: 'worker' });
});

it('says where a request was sent on to', () => {
  const response = Object.defineProperties(new Response(''), {
    redirected: { value: true },
    url: { value: 'https://us.aws.cdn.hf.co/x?signature=1' },
  });
  const record = describeRequest('https://huggingface.co/a/b/resolve/main/x', BASE, 'worker', 'network', response);
  expect(record).toMatchObject({ purpose: 'source', source: 'hub', redirectedTo: 'us.aws.cdn.hf.co' });
});

it('stays bounded, and counts what it forgets', async () => {
  const response = new Response('', { headers: { 'Content-Length': '10' } });
  const record = describeRequest(`${BASE}x.js`, BASE, 'page', 'network', response);
  const total = MOST_REQUESTS + 50;
  await Promise.all(Array.from({ length: total }, (_, at) => logRequest({ ...record, at })));
  const { records, forgotten } = await readRequests();
  expect(records.length).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(records.at(-1)?.at).toBe(total - 1);
  expect(records[0]?.at).toBe(forgotten.count);
  expect(forgotten).toEqual({ count: total - records.length, bytes: 10 * (total - records.length) });
});

it('keeps to the rules that were kept last', async () => {
  expect(await currentRules()).toEqual(DEFAULT_RULES);
  await keepRules({ lock: 'none', sources: ['hub'] });
  await rereadRules();
  expect(await currentRules()).toEqual({ lock: 'none', sources: ['hub'] });
  expect(await readRules()).toEqual({ lock: 'none', sources: ['hub'] });
});
