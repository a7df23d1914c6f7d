import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Tasks, TranslateEvent } from '../../src/protocol/messages.ts';
import type { Manifest } from '../../src/protocol/manifest.ts';
import type { OpenModel } from '../../src/worker/store/models.ts';
import { translate } from '../../src/worker/tasks/translate.ts';
import { convertText, golden } from './ctranslate2.ts';

/** The worker's task over small random models of each kind: what it says means nothing, how it is made does. */

// The store gives what the converter made; everything else is what a worker runs.
vi.mock('../../src/worker/store/models.ts', () => ({ openModel: vi.fn((id: string) => Promise.resolve(opened(id))) }));

function opened(id: string): OpenModel {
  const one = golden.texts[Number(id)];
  if (!one) throw new Error(`there is no model ${id}`);
  const { architecture, parts } = convertText(one);
  const sums = { packedBytes: 0, packedSha256: '', unpackedBytes: 0, unpackedSha256: '' };
  const manifest: Manifest = {
    ...{
      format: 1,
      id,
      kind: 'translation',
      name: one.name,
      from: ['en', 'fr'],
      to: ['pt'],
      licence: 'none',
      source: 'random',
    },
    architecture,
    parts: parts.map(({ role, file }) => ({ role, file, ...sums })),
  };
  return {
    manifest,
    part: async (role) => {
      const part = parts.find((other) => other.role === role && other.provider !== 'webgpu');
      if (!part) throw new Error(`the model has no ${role}`);
      return part.bytes.slice();
    },
  };
}

type Input = Tasks['translate']['input'];

/** @param stop is aborted by the first event */
async function run(model: number, texts: string[], over: Partial<Input> = {}, stop?: AbortController) {
  const events: TranslateEvent[] = [];
  const output = await translate(
    {
      ...{ model: String(model), provider: 'wasm', from: 'en', to: 'pt', texts },
      ...{ beams: 1, alternatives: 0, glossary: [], partials: false, ...over },
    },
    {
      signal: (stop ?? new AbortController()).signal,
      progress: () => undefined,
      emit: (event) => {
        events.push(event);
        stop?.abort();
      },
    },
  );
  const sentences = events.flatMap((event) => (event.type === 'sentence' ? event.value : []));
  return { texts: output.map(({ text }) => text), sentences, events };
}

beforeAll(() => {
  vi.stubGlobal('navigator', { hardwareConcurrency: 1 });
});

const TEXTS = ['the cat sat in the shed\na dog had the ham', 'that sheep'];

describe.each(golden.texts.map(({ name }, model) => [name, model] as const))('translate with %s', (_, model) => {
  it('says something of every sentence, part by part', async () => {
    const { texts, sentences, events } = await run(model, TEXTS, { partials: true });
    expect(sentences.map(({ source }) => source)).toEqual([
      'the cat sat in the shed',
      'a dog had the ham',
      'that sheep',
    ]);
    for (const { score } of sentences) expect(score).toBeLessThan(0);
    expect(texts[0]).toBe(`${sentences[0]?.target}\n${sentences[1]?.target}`);
    expect(events.some(({ type }) => type === 'partial')).toBe(true);
  });

  it('gives alternatives that differ', async () => {
    const { sentences } = await run(model, ['the cat sat in the shed'], { alternatives: 3 });
    const said = [sentences[0]?.target, ...(sentences[0]?.alternatives ?? []).map(({ text }) => text)];
    expect(said.length).toBeGreaterThan(1);
    expect(new Set(said).size).toBe(said.length);
  });

  it('says the terms of a glossary', async () => {
    const texts = ['the cat sat in the shed', 'a cat', 'the dog had a cat', 'the cat had the ham'];
    const { sentences } = await run(model, texts, { glossary: [['cat', 'pato']] });
    const [said, lost] = [true, false].map((has) => sentences.filter(({ target }) => /pato/i.test(target) === has));
    // A random model may go round in circles whenever it is made to say something.
    expect(said?.length).toBeGreaterThan(1);
    for (const { warnings } of lost ?? []) expect(warnings.map(({ code }) => code)).toContain('lost-term');
  });

  it('does not go round in circles', async () => {
    const { sentences } = await run(model, ['that sheep had the ham of the hen', 'a dog', 'the cat is in the shed']);
    for (const { target } of sentences) expect(target).not.toMatch(/(.{1,12}?)\1{5}/);
  });

  it('stops when it is told to', async () => {
    const texts = Array.from({ length: 60 }, () => TEXTS[0] ?? '');
    await expect(run(model, texts, {}, new AbortController())).rejects.toMatchObject({ code: 'aborted' });
    expect((await run(model, ['a dog'])).sentences).toHaveLength(1);
  });
});

it('refuses a language that a translator of several has no token for', async () => {
  const model = golden.texts.findIndex(({ name }) => name === 'M2M-100');
  await expect(run(model, ['a dog'], { from: 'fr' })).rejects.toMatchObject({ code: 'unsupported-language' });
});
