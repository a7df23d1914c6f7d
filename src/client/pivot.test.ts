import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../protocol/types.ts';
import { createGlossa } from './engine.ts';
import { createLoopback, model, type Loopback } from './fixtures/loopback.ts';
import { PivotProgress } from './pivotProgress.ts';

let loopback: Loopback;
beforeEach(() => {
  loopback = createLoopback([model('pt', 'en'), model('en', 'fr')]);
  vi.stubGlobal('navigator', { storage: { persist: () => Promise.resolve(true) } });
});
afterEach(() => {
  loopback.close();
  vi.unstubAllGlobals();
});

const GIGABYTE = 2 ** 30;
/** What a fake model is reckoned at: its runtime. */
const ONE_MODEL = 100 * 2 ** 20;
const glossa = (budgetBytes = GIGABYTE) => createGlossa({ spawn: loopback.spawn, budgetBytes });
const ptFr = { from: 'pt', to: 'fr' };
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};
const translated = (): string[] => loopback.asked.filter((asked) => asked.includes('translate'));

describe('a translation by way of a third language', () => {
  it('goes through both models, and says so', async () => {
    const texts = [' one', 'two\n'];
    const [first, second] = await glossa().translate(texts, ptFr);
    expect(first).toMatchObject({ text: ' ONE', from: 'pt', to: 'fr', via: 'en', ran: { model: 'pt-en+en-fr' } });
    expect(second?.sentences).toMatchObject([{ source: 'two\n', target: 'TWO\n', targetRange: [0, 4], score: -0.2 }]);
    const [asked, ...given] = loopback.translations;
    expect(asked).toMatchObject({ model: 'pt-en', from: 'pt', to: 'en', texts });
    expect(new Set(given.map(({ model: id, from, to }) => `${id} ${from} ${to}`))).toEqual(new Set(['en-fr en fr']));
    expect(given.flatMap((input) => input.texts)).toEqual([' ONE', 'TWO\n']);
    expect(given.flatMap((input) => input.originals?.map(({ text }) => text))).toEqual(texts);
  });

  it('gives each sentence to the second model while the first is at work, and stops both at once', async () => {
    const heard: string[] = [];
    const stop = new AbortController();
    const call = glossa().translate(['one', 'slow'], {
      ...ptFr,
      signal: stop.signal,
      onPartial: ({ item, text }) => heard.push(`${item} ${text}`),
      onSentence: ({ item, sentence }) => heard.push(`${item} ${sentence.target}.`),
    });
    await until(() => heard.length === 2);
    // One letter first, and never a word of the pivot language.
    expect(heard).toEqual(['0 O', '0 ONE.']);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'aborted', partial: [{ item: 0, sentence: { target: 'ONE' } }] });
  });

  it('stops the first model when the second one fails, and says what the second one said', async () => {
    const call = glossa().translate(['FAIL', 'slow'], { ...ptFr, glossary: [['a', 'b']] });
    await expect(call).rejects.toMatchObject({ code: 'internal', message: 'The second model failed.' });
  });

  it('counts the sentences that came through both, up to all of them', async () => {
    const heard: Progress[] = [];
    await glossa().translate(['one', 'two', 'three'], { ...ptFr, onProgress: (progress) => heard.push(progress) });
    expect(new Set(heard.map(({ total, stage }) => `${stage} ${total}`))).toEqual(new Set(['decode 3']));
    expect(heard.at(-1)?.done).toBe(3);
    expect(heard.map(({ done }) => done)).toEqual(heard.map(({ done }) => done).sort());
  });

  it('has both models in memory where they fit, and one after the other where they do not', async () => {
    const roomy = glossa();
    await roomy.translate(['one', 'two'], ptFr);
    expect((await roomy.models.resident()).map((resident) => resident.model).sort()).toEqual(['en-fr', 'pt-en']);

    loopback.asked.length = 0;
    const narrow = glossa(1.5 * ONE_MODEL);
    await narrow.translate(['one', 'two'], ptFr);
    expect((await narrow.models.resident()).map((resident) => resident.model)).toEqual(['en-fr']);
    expect(translated().map((asked) => asked.slice(2))).toEqual(['translate one,two', 'translate ONE,TWO']);
  });

  it('is chosen for a text whose language is detected, and refused where a model is named that cannot', async () => {
    expect((await glossa().translate('pt!:texto', { from: 'auto', to: 'fr' })).via).toBe('en');
    const named = glossa().translate('x', { ...ptFr, model: 'en-fr' });
    await expect(named).rejects.toMatchObject({ code: 'unsupported-language' });
    await expect(glossa().translate('x', { from: 'pt', to: 'pt' })).rejects.toMatchObject({
      code: 'unsupported-language',
    });
  });

  it('warms up both models', async () => {
    await glossa().warmUp(ptFr);
    expect(loopback.asked.filter((asked) => asked.includes('warmUp')).map((asked) => asked.slice(2))).toEqual([
      'warmUp pt-en',
      'warmUp en-fr',
    ]);
  });
});

describe('PivotProgress', () => {
  const away = { state: 'available', downloadBytes: 100, storedBytes: 0 } as const;
  const bytes = (stage: 'download' | 'load', done: number, total: number): Progress => ({
    stage,
    done,
    total,
    unit: 'bytes',
  });

  it('adds up the bytes of both, and tells of nothing else until they are here', () => {
    const heard: Progress[] = [];
    const [first, second] = [model('pt', 'en', away), model('en', 'fr', { ...away, downloadBytes: 300 })];
    const progress = new PivotProgress([first, second], (value) => heard.push(value));
    progress.hear(first, bytes('download', 40, 80));
    progress.hear(first, bytes('download', 80, 80));
    progress.hear(first, bytes('load', 0, 10));
    progress.hear(first, { stage: 'decode', done: 0, total: 2, unit: 'items' });
    progress.hear(second, bytes('download', 150, 300));
    progress.hear(second, bytes('download', 300, 300));
    progress.hear(second, bytes('load', 5, 10));
    progress.through(1);
    progress.through(2);
    expect(heard.map(({ stage, done, total }) => `${stage} ${done}/${total}`)).toEqual([
      'download 50/400',
      'download 100/400',
      'download 250/400',
      'download 400/400',
      'decode 1/2',
      'decode 2/2',
    ]);
  });
});
