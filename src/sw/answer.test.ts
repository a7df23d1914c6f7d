import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_RULES, type NetworkRules } from '../protocol/network.ts';
import { answer, type Sources } from './answer.ts';
import { HEADERS } from './headers.ts';

const ORIGIN = 'https://glossa.test';

function sources(rules: NetworkRules = DEFAULT_RULES, kept: Record<string, string> = {}) {
  const network = vi.fn((request: Request) => Promise.resolve(new Response(`fetched ${request.url}`)));
  const all: Sources = {
    origin: ORIGIN,
    match: ({ url }) => Promise.resolve(kept[url] === undefined ? undefined : new Response(kept[url])),
    fetch: network,
    rules: () => Promise.resolve(rules),
  };
  return { all, network };
}

/** Node's requests have no destination. */
function request(url: string, destination: RequestDestination = ''): Request {
  return Object.defineProperty(new Request(url), 'destination', { value: destination });
}

const elsewhere = request('https://elsewhere.test/x');
const hub = request('https://huggingface.co/owner/name/resolve/main/config.json');
const model = request(`${ORIGIN}/models/en-pt/part.gz`);

describe('answer', () => {
  it('takes the device before the network', async () => {
    const { all, network } = sources(DEFAULT_RULES, { [model.url]: 'kept' });
    const { response, by } = await answer(model, all);
    expect([await response.text(), by]).toEqual(['kept', 'device']);
    expect(network).not.toHaveBeenCalled();
  });

  it('asks the network of its own site, and gives what comes untouched', async () => {
    const { all } = sources();
    const { response, by } = await answer(model, all);
    expect([await response.text(), by]).toEqual([`fetched ${model.url}`, 'network']);
    expect(response.headers.has('Content-Security-Policy')).toBe(false);
  });

  it.each(['document', 'iframe', 'worker', 'sharedworker'] as const)(
    'binds a %s by the headers',
    async (destination) => {
      const { all } = sources();
      const { response } = await answer(request(`${ORIGIN}/x`, destination), all);
      for (const [name, value] of Object.entries(HEADERS)) expect(response.headers.get(name)).toBe(value);
    },
  );

  it.each<[string, NetworkRules, Request, string]>([
    ['nothing is switched on', DEFAULT_RULES, hub, 'refused'],
    ['another source is', { lock: 'open', sources: ['mozilla', 'argos'] }, hub, 'refused'],
    ['it is', { lock: 'open', sources: ['hub'] }, hub, 'network'],
    [
      'it belongs to no source',
      { lock: 'open', sources: ['hub', 'mozilla', 'argos', 'bergamot'] },
      elsewhere,
      'refused',
    ],
    ['the lock is on', { lock: 'site', sources: ['hub'] }, hub, 'refused'],
    ['the lock is on, for its own site', { lock: 'site', sources: [] }, model, 'network'],
    ['there is no network at all', { lock: 'none', sources: [] }, model, 'refused'],
    ['there is no network at all, elsewhere', { lock: 'none', sources: ['hub'] }, hub, 'refused'],
  ])('lets a request out as the reader has it: where %s', async (_when, rules, asked, expected) => {
    const { all, network } = sources(rules);
    const { response, by } = await answer(asked, all);
    expect(by).toBe(expected);
    expect(response.type === 'error').toBe(expected === 'refused');
    expect(network).toHaveBeenCalledTimes(expected === 'refused' ? 0 : 1);
  });

  it('is not confused by addresses that look alike', async () => {
    const { all, network } = sources({ lock: 'open', sources: ['hub', 'mozilla', 'argos', 'bergamot'] });
    for (const url of [
      'http://huggingface.co/',
      'https://huggingface.co:8443/',
      'https://huggingface.co.evil.test/',
      'https://evilhf.co/',
      'https://hf.co/',
      'https://glossa.test:8443/',
      'https://storage.googleapis.com/another-bucket/x',
      'https://storage.googleapis.com/download/storage/v1/b/another-bucket/o/x?alt=media',
      'https://raw.githubusercontent.com/somebody/argospm-index/main/index.json',
      'https://bergamot.s3.amazonaws.com/models/../x',
    ])
      expect([url, (await answer(request(url), all)).by]).toEqual([url, 'refused']);
    expect(network).not.toHaveBeenCalled();
  });

  it.each([
    ['https://us.aws.cdn.hf.co/xet-bridge-us/1', 'network'],
    ['https://elsewhere.test/1', 'refused'],
  ])('gives what a source sends on to %s only where that is named', async (url, expected) => {
    const { all } = sources({ lock: 'open', sources: ['hub'] });
    const sentOn = Object.defineProperties(new Response('weights'), {
      redirected: { value: true },
      url: { value: url },
    });
    expect((await answer(hub, { ...all, fetch: () => Promise.resolve(sentOn) })).by).toBe(expected);
  });

  it('says that the network failed, and does without a cache that fails', async () => {
    const { all } = sources();
    const failing = { ...all, fetch: () => Promise.reject(new TypeError('offline')) };
    expect((await answer(model, failing)).by).toBe('failed');
    expect((await answer(model, { ...all, match: () => Promise.reject(new Error('gone')) })).by).toBe('network');
  });
});
