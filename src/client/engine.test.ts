import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGlossa, type TranslateOptions } from './engine.ts';
import { createLoopback, model, type Loopback } from './fixtures/loopback.ts';

let loopback: Loopback;
const persist = vi.fn(() => Promise.resolve(true));

beforeEach(() => {
  loopback = createLoopback();
  vi.stubGlobal('navigator', { storage: { persist } });
  vi.stubGlobal('reportError', vi.fn());
});

afterEach(() => {
  loopback.close();
  vi.unstubAllGlobals();
  persist.mockClear();
});

const glossa = (budgetBytes?: number) => createGlossa({ spawn: loopback.spawn, ...(budgetBytes && { budgetBytes }) });
const enPt = { from: 'en', to: 'pt' };
const settled = <T>(promise: Promise<T>) => promise.then(() => 'done').catch((error: unknown) => error);
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('translate', () => {
  it('gives one translation for a string and an array, in order, for an array', async () => {
    const page = glossa();
    expect(await page.translate('hello', enPt)).toMatchObject({
      text: 'HELLO',
      from: 'en',
      to: 'pt',
      ran: { model: 'en-pt' },
    });
    expect((await page.translate(['b', 'a', 'c'], enPt)).map(({ text }) => text)).toEqual(['B', 'A', 'C']);
    expect(await page.translate([], enPt)).toEqual([]);
    expect(await page.translate('', enPt)).toMatchObject({ text: '' });
  });

  it('tells partial text, sentences and progress', async () => {
    const heard: unknown[] = [];
    await glossa().translate(['one', 'two'], {
      ...enPt,
      onPartial: (partial) => heard.push(partial),
      onSentence: ({ item, index, sentence }) => heard.push([item, index, sentence.target]),
      onProgress: ({ done, total }) => heard.push(`${done}/${total}`),
    });
    expect(heard).toEqual([
      '0/2',
      { item: 0, sentence: 0, text: 'o' },
      [0, 0, 'ONE'],
      { item: 1, sentence: 0, text: 't' },
      [1, 0, 'TWO'],
      '2/2',
    ]);
  });

  it('goes on when a listener throws', async () => {
    const onSentence = () => {
      throw new Error('the page’s trouble');
    };
    expect((await glossa().translate('hello', { ...enPt, onSentence })).text).toBe('HELLO');
    expect(reportError).toHaveBeenCalledOnce();
  });

  it('asks for the list of models once, and uses one worker a model', async () => {
    const page = glossa();
    await page.translate('a', enPt);
    await page.translate('b', { from: 'pt', to: 'en' });
    await page.translate('c', { ...enPt, provider: 'wasm' });
    expect(loopback.asked).toEqual(['0 listModels', '1 translate a', '2 translate b', '1 translate c']);
  });

  it.each([
    ['pt-BR', 'en', 'pt-en'],
    ['PT-br', 'EN-us', 'pt-en'],
    ['en', 'pt-PT', 'en-pt'],
  ])('has pt answer for %s -> %s', async (from, to, id) => {
    expect((await glossa().translate('x', { from, to })).ran.model).toBe(id);
  });

  it('prefers an installed model, and uses the one that is named', async () => {
    loopback.models.push(
      model('en', 'fr', { id: 'big', state: 'available' }),
      model('en', 'fr', { id: 'small', state: 'installed' }),
    );
    const page = glossa();
    expect((await page.translate('x', { from: 'en', to: 'fr' })).ran.model).toBe('small');
    expect((await page.translate('x', { from: 'en', to: 'fr', model: 'big' })).ran.model).toBe('big');
    await expect(page.translate('x', { ...enPt, model: 'big' })).rejects.toMatchObject({
      code: 'unsupported-language',
    });
    await expect(page.translate('x', { ...enPt, model: 'none' })).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('says what is available when nothing fits', async () => {
    await expect(glossa().translate('x', { from: 'de', to: 'pt' })).rejects.toMatchObject({
      name: 'EngineError',
      code: 'unsupported-language',
      message: 'There is no model that translates from German to Portuguese. Available: en → pt, pt → en.',
    });
  });

  it('looks again for a model that was added meanwhile', async () => {
    const page = glossa();
    await page.translate('x', enPt);
    loopback.models.push(model('de', 'pt'));
    expect((await page.translate('x', { from: 'de', to: 'pt' })).text).toBe('X');
  });

  it.each([
    ['en!:hello', 'en', 'a sure guess'],
    ['en:hello', 'en', 'an unsure guess that can be translated'],
    ['it:hello', 'en', 'an unsure guess that cannot'],
    ['123', 'en', 'no guess'],
  ])('translates %s from %s: %s', async (text, from) => {
    expect((await glossa().translate(text, { from: 'auto', to: 'pt' })).from).toBe(from);
  });

  it('refuses a text that is surely in a language without a model', async () => {
    const promise = glossa().translate('it!:ciao', { from: 'auto', to: 'pt' });
    await expect(promise).rejects.toMatchObject({ code: 'unsupported-language' });
  });

  const bad: [string, unknown, object][] = [
    ['a number for a text', 5, enPt],
    ['an array with a hole', ['a', undefined], enPt],
    ['no target', 'x', { from: 'en' }],
    ['a target that is no tag', 'x', { from: 'en', to: 'Português!' }],
    ['auto as a target', 'x', { from: 'en', to: '' }],
    ['no beams', 'x', { ...enPt, beams: 0 }],
    ['half a beam', 'x', { ...enPt, beams: 1.5 }],
    ['too many alternatives', 'x', { ...enPt, alternatives: 9 }],
    ['a glossary of words', 'x', { ...enPt, glossary: ['a', 'b'] }],
    ['an empty term', 'x', { ...enPt, glossary: [['', 'b']] }],
    ['another provider', 'x', { ...enPt, provider: 'cuda' }],
    ['a signal that is none', 'x', { ...enPt, signal: {} }],
    ['an id that is none', 'x', { ...enPt, model: 3 }],
  ];
  it.each(bad)('refuses %s with a sentence', async (_, input, options) => {
    const promise = glossa().translate(input as string, options as TranslateOptions);
    await expect(promise).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^.{20,}\.$/) as string,
    });
  });
});

describe('an abort', () => {
  it('rejects at once, with what was finished, and the next call is answered', async () => {
    const page = glossa();
    const abort = new AbortController();
    const stopped = page.translate(['one', 'slow'], { ...enPt, signal: abort.signal, onSentence: () => abort.abort() });
    await expect(stopped).rejects.toMatchObject({
      name: 'AbortError',
      code: 'aborted',
      partial: [{ item: 0, index: 0, sentence: { target: 'ONE' } }],
    });
    expect((await page.translate('next', enPt)).text).toBe('NEXT');
    expect(loopback.workers).toHaveLength(2);
  });

  it('rejects before anything is started when the signal is aborted already', async () => {
    const promise = glossa().translate('x', { ...enPt, signal: AbortSignal.abort() });
    await expect(promise).rejects.toMatchObject({ code: 'aborted' });
    expect(loopback.asked).not.toContain('1 translate x');
  });

  it('leaves a worker that does not hear it behind after a second, and the waiting jobs get a new one', async () => {
    const page = glossa();
    const abort = new AbortController();
    const deaf = settled(page.translate('deaf', { ...enPt, signal: abort.signal }));
    await until(() => loopback.asked.includes('1 translate deaf'));
    const waiting = [page.translate('one', enPt), page.translate('two', enPt)];
    const started = performance.now();
    abort.abort();
    expect(await deaf).toMatchObject({ code: 'aborted' });
    expect(performance.now() - started).toBeLessThan(100);
    expect((await Promise.all(waiting)).map(({ text }) => text)).toEqual(['ONE', 'TWO']);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(loopback.workers.map(({ ended }) => ended)).toEqual([false, true, false]);
    expect(loopback.asked.slice(-2)).toEqual(['2 translate one', '2 translate two']);
  });

  it('does not replace a worker that is busy with a job nobody stopped', async () => {
    const page = glossa();
    const abort = new AbortController();
    const busy = page.translate('deaf', enPt);
    const queued = settled(page.translate('one', { ...enPt, signal: abort.signal }));
    await until(() => loopback.asked.includes('1 translate deaf'));
    abort.abort();
    expect(await queued).toMatchObject({ code: 'aborted' });
    expect((await busy).text).toBe('DEAF');
    expect(loopback.workers).toHaveLength(2);
  });
});

describe('a worker that fails', () => {
  it('rejects everything it had when it crashes, and is replaced at the next call', async () => {
    const page = glossa();
    const first = settled(page.translate('slow', enPt));
    const second = settled(page.translate('x', enPt));
    await until(() => loopback.asked.includes('1 translate slow'));
    loopback.workers[1]?.crash();
    expect(await first).toMatchObject({ code: 'worker-crashed' });
    expect(await second).toMatchObject({ code: 'worker-crashed' });
    expect(loopback.workers[1]?.ended).toBe(true);
    expect((await page.translate('again', enPt)).text).toBe('AGAIN');
    expect(loopback.asked.at(-1)).toBe('2 translate again');
  });

  it.each(['bad-input', 'unsupported-language'])('is kept after %s', async (code) => {
    const page = glossa();
    await expect(page.translate(`fail:${code}`, enPt)).rejects.toMatchObject({ code });
    await page.translate('x', enPt);
    expect(loopback.asked.at(-1)).toBe('1 translate x');
  });

  it.each(['out-of-memory', 'device-lost', 'worker-crashed', 'internal'])('is replaced after %s', async (code) => {
    const page = glossa();
    await expect(page.translate(`fail:${code}`, enPt)).rejects.toMatchObject({ code });
    await page.translate('x', enPt);
    expect(loopback.asked.at(-1)).toBe('2 translate x');
    expect(loopback.workers[1]?.ended).toBe(true);
  });
});

describe('models', () => {
  it('lists, installs, verifies and imports', async () => {
    const page = glossa();
    expect((await page.models.list()).map(({ id }) => id)).toEqual(['en-pt', 'pt-en']);
    expect((await page.models.install('en-pt')).id).toBe('en-pt');
    expect(persist).toHaveBeenCalledOnce();
    expect(await page.models.verify('en-pt')).toEqual({ ok: false, broken: ['weights.bin.gz'] });
    expect((await page.models.import([new File(['{}'], 'manifest.json')])).id).toBe('en-pt');
    await expect(page.models.install('none')).rejects.toMatchObject({ code: 'model-missing' });
    await expect(page.models.import(['x' as never])).rejects.toMatchObject({ code: 'bad-input' });
    const brought = [{ path: 'enet/model.bin', file: new Blob(['x']) }];
    expect(await page.models.inspect(brought)).toMatchObject({ kind: 'translation' });
    for (const about of [{ from: ['not a tag!'] }, { to: 'pt' as never }, { name: 1 as never }])
      await expect(page.models.import(brought, about)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(page.models.remove('')).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('ends the worker of a model that is removed', async () => {
    const page = glossa();
    await page.translate('a', enPt);
    const busy = settled(page.translate('slow', enPt));
    await until(() => loopback.asked.includes('1 translate slow'));
    await page.models.remove('en-pt');
    expect(await busy).toMatchObject({ code: 'model-missing' });
    expect(loopback.workers[1]?.ended).toBe(true);
    expect(loopback.asked.at(-1)).toBe('0 removeModel en-pt');
  });

  it('stops an installation', async () => {
    const abort = new AbortController();
    const installing = settled(glossa().models.install('slow', { signal: abort.signal }));
    await until(() => loopback.asked.includes('0 installModel slow'));
    abort.abort();
    expect(await installing).toMatchObject({ code: 'aborted' });
  });
});

describe('what is remembered of the models', () => {
  const store = new Map<string, string>();
  beforeEach(() => {
    store.clear();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
      removeItem: (key: string) => void store.delete(key),
    });
  });

  it('lets a later visit begin with a model before it has asked for all', async () => {
    const first = glossa();
    expect(first.models.remembered()).toBeNull();
    const listed = await first.models.list();
    const later = glossa();
    expect(later.models.remembered()).toEqual(listed);
    loopback.asked.length = 0;
    expect((await later.translate('a', enPt)).text).toBe('A');
    expect(loopback.asked.some((asked) => asked.includes('listModels'))).toBe(false);
  });

  it('is asked for again where nothing of it fits, and forgotten when a model goes', async () => {
    await glossa().models.list();
    loopback.models.push(model('en', 'fr'));
    const later = glossa();
    expect((await later.translate('a', { from: 'en', to: 'fr' })).ran.model).toBe('en-fr');
    await later.models.remove('en-pt');
    expect(later.models.remembered()).toBeNull();
  });

  it.each(['', '{', '[{"id":"en-pt"}]', '{"length":1}'])('is nothing where something else lies there: %s', (text) => {
    store.set('glossa-models', text);
    expect(glossa().models.remembered()).toBeNull();
  });
});

it('warms a model up, detects a language and describes the device', async () => {
  const page = glossa();
  expect(await page.warmUp({ from: 'auto', to: 'pt' })).toMatchObject({ provider: 'wasm' });
  expect(loopback.asked.at(-1)).toBe('1 warmUp en-pt');
  expect(await page.detect('pt!:olá')).toEqual({ language: 'pt', confidence: 0.5, reliable: true });
  await expect(page.detect(5 as never)).rejects.toMatchObject({ code: 'bad-input' });
  expect(await page.device()).toMatchObject({ threads: 1 });
});
