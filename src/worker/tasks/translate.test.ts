import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'valibot';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { manifestSchema } from '../../protocol/manifest.ts';
import type { Tasks, TranslateEvent } from '../../protocol/messages.ts';
import type { Progress, TranslatedSentence, Translation } from '../../protocol/types.ts';
import type { OpenModel } from '../store/models.ts';
import { translate } from './translate.ts';

// The store reads from the repository instead of the network; everything else is what a worker runs.
vi.mock('../store/models.ts', () => ({ openModel: vi.fn((id: string) => Promise.resolve(modelFromDisk(id))) }));

function modelFromDisk(id: string): OpenModel {
  const folder = new URL(`../../../models/${id}/`, import.meta.url);
  const manifest = parse(manifestSchema, JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')));
  return {
    manifest,
    part: (role) => {
      const part = manifest.parts.find((p) => p.role === role && p.provider !== 'webgpu');
      return Promise.resolve(new Uint8Array(gunzipSync(readFileSync(new URL(part?.file ?? '', folder)))));
    },
  };
}

type Input = Tasks['translate']['input'];

const DEFAULTS: Omit<Input, 'texts'> = {
  model: 'en-pt',
  provider: 'wasm',
  from: 'en',
  to: 'pt',
  beams: 1,
  alternatives: 0,
  glossary: [],
  partials: false,
};

async function run(texts: string | string[], over: Partial<Input> = {}, signal = new AbortController().signal) {
  const events: TranslateEvent[] = [];
  const progress: Progress[] = [];
  const input: Input = {
    ...DEFAULTS,
    texts: Array.isArray(texts) ? texts : [texts],
    ...over,
  };
  const frames = await translate(input, {
    signal,
    progress: (p) => progress.push(p),
    emit: (event) => events.push(event),
  });
  const output = frames.map((frame, item): Translation => ({ ...frame, sentences: sentencesOf(events, item) }));
  return { output, first: output[0], events, progress };
}

const sentencesOf = (events: TranslateEvent[], item: number): TranslatedSentence[] =>
  events.flatMap((event) => (event.type === 'sentence' && event.item === item ? event.value : []));

const codes = (translation: Translation | undefined): string[] => [
  ...(translation?.warnings ?? []).map(({ code }) => code),
  ...(translation?.sentences ?? []).flatMap(({ warnings }) => warnings.map(({ code }) => code)),
];

beforeAll(async () => {
  vi.stubGlobal('navigator', { hardwareConcurrency: 1 });
  await run('Warm.');
}, 60_000);

describe('translate', () => {
  it('translates sentences and keeps what is between them', async () => {
    const source = '  The cat sat on the mat.  How are you?\n\n\t- Good morning!\r\n';
    const { first, progress, events } = await run(source);
    expect(first?.text).toBe('  O gato sentou-se no tapete.  Como você está?\n\n\t- Bom dia!\r\n');
    for (const sentence of first?.sentences ?? []) {
      expect(source.slice(...sentence.sourceRange)).toBe(sentence.source);
      expect(first?.text.slice(...sentence.targetRange)).toBe(sentence.target);
      expect(sentence.score).toBeLessThan(0);
    }
    expect(first?.warnings).toEqual([]);
    expect(events.map((event) => event.type)).toEqual(['sentence', 'sentence', 'sentence']);
    expect(progress.map(({ done, total }) => [done, total])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(first?.ran).toMatchObject({ model: 'en-pt', provider: 'wasm', threads: 1 });
  });

  it('links words of the source to words of the target', async () => {
    const { first } = await run('She has a red car.');
    const [sentence] = first?.sentences ?? [];
    const links = sentence?.alignment.map(({ source, target }) => [
      sentence.source.slice(...source),
      sentence.target.slice(...target),
    ]);
    expect(links).toContainEqual(['has', 'tem']);
    expect(links).toContainEqual(['red', 'vermelho']);
    expect(links).toContainEqual(['car', 'carro']);
  });

  it('keeps the order of many texts, empty ones included', async () => {
    const texts = ['Good morning.', '', 'Thank you very much for your help.', '\n', 'Yes.'];
    const { output } = await run(texts);
    expect(output.map(({ text }) => text)).toEqual(['Bom dia.', '', 'Muito obrigado pela sua ajuda.', '\n', 'Sim.']);
    const alone = await Promise.all(texts.map(async (text) => (await run(text)).first?.text));
    expect(output.map(({ text }) => text)).toEqual(alone);
  });

  it('gives alternatives that differ, with their own alignment', async () => {
    const { first } = await run('The weather is nice today.', { alternatives: 3 });
    const [sentence] = first?.sentences ?? [];
    expect(sentence?.alternatives.length).toBe(3);
    expect(new Set([sentence?.target, ...(sentence?.alternatives ?? []).map(({ text }) => text)]).size).toBe(4);
    for (const { alignment, score } of sentence?.alternatives ?? []) {
      expect(alignment.length).toBeGreaterThan(2);
      expect(score).toBeLessThanOrEqual(sentence?.score ?? 0);
    }
  });

  it('gives the partial text of long sentences when it is asked for', async () => {
    const long = `The committee said on Monday that ${'the report, which was long, and '.repeat(4)}the budget will be voted on in March.`;
    const { first, events } = await run(long, { partials: true });
    const partials = events.filter((event) => event.type === 'partial');
    expect(partials.length).toBeGreaterThan(0);
    expect(first?.text.startsWith(partials[0]?.text.slice(0, 10) ?? '?')).toBe(true);
    expect((await run(long)).events.filter(({ type }) => type === 'partial')).toEqual([]);
  });

  it('says the terms of a glossary', async () => {
    const glossary: [string, string][] = [
      ['file', 'ficheiro'],
      ['hard drive', 'disco duro'],
      ['mouse', 'rato'],
    ];
    const { first } = await run('Copy the file to the hard drive with the mouse. Delete files.', { glossary });
    expect(first?.text).toContain('o ficheiro');
    expect(first?.text).toContain('disco duro');
    expect(first?.text).toContain('rato');
    expect(first?.text).not.toContain('arquivo para');
    expect(codes(first)).toEqual([]);
  });

  it('passes through what needs no translation, and says so', async () => {
    const { first } = await run('Call us.\n12 345 — https://example.com/a\n***\nGood morning.');
    expect(first?.text).toBe('Ligue para nós.\n12 345 — https://example.com/a\n***\nBom dia.');
    expect(codes(first)).toEqual(['nothing-to-translate']);
  });

  it('brings addresses, numbers, placeholders and emoji through', async () => {
    const source =
      'Dear {name}, write to bob.smith@example.org or see https://example.com/a?b=c_d for 25 of the 1,300 photos 😀 of today.';
    const { first } = await run(source);
    for (const item of ['{name}', 'bob.smith@example.org', 'https://example.com/a?b=c_d', '25', '😀']) {
      expect(first?.text).toContain(item);
    }
    expect(codes(first)).toEqual([]);
  });

  it('says when a text is in another language or script, and makes nothing up', async () => {
    const german = await run(
      'Guten Tag, wie geht es Ihnen heute? Ich möchte gerne ein Zimmer für zwei Nächte reservieren.',
    );
    expect(codes(german.first)).toContain('other-language');
    expect(german.first?.warnings.find(({ code }) => code === 'other-language')?.found).toBe('de');
    const russian = await run('Сегодня очень хорошая погода, пойдём гулять.');
    expect(russian.first?.text).toBe('Сегодня очень хорошая погода, пойдём гулять.');
    expect(codes(russian.first)).toContain('other-language');
  });

  it('refuses languages that the model does not translate', async () => {
    await expect(run('Hello.', { from: 'fr' })).rejects.toMatchObject({ code: 'unsupported-language' });
    expect((await run('Good morning.', { from: 'en-GB', to: 'pt-BR' })).first?.text).toBe('Bom dia.');
  });

  it('translates a sentence that is too long in parts that cover it', async () => {
    const clauses = [
      'the garden was full of roses',
      'my sister bought a new house',
      'the train to Lisbon was late',
      'nobody knew the answer',
    ];
    const source = `They said that ${[...clauses, ...clauses, ...clauses, ...clauses, ...clauses, ...clauses].join(', ')}.`;
    const { first, progress } = await run(source);
    expect(first?.sentences.length).toBeGreaterThan(1);
    expect(first?.sentences.map((sentence) => sentence.source).join(' ')).toBe(source);
    expect(first?.sentences.every(({ target }) => target.includes('Lisboa'))).toBe(true);
    expect(progress.map(({ done, total }) => [done, total])).toEqual([[1, 1]]);
  });

  it('stops when it is told to, after it has said what was finished', async () => {
    const controller = new AbortController();
    const texts = Array.from({ length: 120 }, (_, i) => `This is sentence number ${i} of a long list of sentences.`);
    const input: Input = {
      ...DEFAULTS,
      texts: [texts.slice(0, 20).join(' '), texts.slice(20).join('\n')],
    };
    const events: TranslateEvent[] = [];
    const running = translate(input, {
      signal: controller.signal,
      progress: () => undefined,
      emit: (event) => {
        events.push(event);
        if (event.type === 'sentence' && event.item === 1) controller.abort();
      },
    });
    const error: unknown = await running.catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'AbortError', code: 'aborted' });
    expect(sentencesOf(events, 0).length).toBe(20);
    expect(sentencesOf(events, 0).at(-1)?.target).toContain('19');
    expect(sentencesOf(events, 1).length).toBeLessThan(100);
    expect((await run('Good morning.')).first?.text).toBe('Bom dia.');
  });
});
