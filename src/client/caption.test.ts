import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGlossa, type CaptionOptions } from './engine.ts';
import { createLoopback, model, type Loopback } from './fixtures/loopback.ts';

const captioner = (id: string, over: object = {}) => model('en', 'en', { id, kind: 'captioning', ...over });

class FakeImageData {
  readonly data = new Uint8ClampedArray(8);
  readonly width = 2;
  readonly height = 1;
}

class FakeImageBitmap {
  readonly width = 0;
}

let loopback: Loopback;
const glossa = () => createGlossa({ spawn: loopback.spawn });
const blob = (text: string, type = 'image/png') => new Blob([text], { type });

beforeEach(() => {
  loopback = createLoopback([model('en', 'pt'), captioner('caption-lstm'), captioner('caption')]);
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('ImageData', FakeImageData);
  vi.stubGlobal('ImageBitmap', FakeImageBitmap);
});

afterEach(() => {
  loopback.close();
  vi.unstubAllGlobals();
});

describe('caption', () => {
  it('gives the caption, alternatives, and the text as it grows', async () => {
    const partial: string[] = [];
    const result = await glossa().caption(blob('a cat'), { alternatives: 2, onPartial: (text) => partial.push(text) });
    expect(result).toMatchObject({ text: 'a cat', ran: { model: 'caption' } });
    expect(result.alternatives.map(({ text }) => text)).toEqual(['a cat 0', 'a cat 1']);
    expect(partial).toEqual(['a']);
    expect(loopback.asked).toContain('0 caption a cat 3'.replace('0', String(loopback.workers.length - 1)));
  });

  it('uses the model that is named, or the one that is here', async () => {
    expect((await glossa().caption(blob('x'), { model: 'caption-lstm' })).ran.model).toBe('caption-lstm');
    loopback.models.splice(2, 1, captioner('caption', { state: 'available' }));
    expect((await glossa().caption(blob('x'))).ran.model).toBe('caption-lstm');
  });

  it('says so where no model captions', async () => {
    loopback.models.splice(1);
    await expect(glossa().caption(blob('x'))).rejects.toMatchObject({ code: 'unsupported-model' });
    await expect(glossa().caption(blob('x'), { model: 'none' })).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('copies pixels, and gives them away where it may', async () => {
    const pixels = new FakeImageData();
    // A fake class does not survive the channel: what arrives is plain.
    expect((await glossa().caption(pixels as ImageData)).text).toBe('2 x 1');
    expect(pixels.data).toHaveLength(8);
    await glossa().caption(pixels as ImageData, { transfer: true });
    expect(pixels.data).toHaveLength(0);
  });

  it.each([
    ['a path', 'cat.jpg', {}, /must be a Blob/],
    ['an empty file', new Blob([]), {}, /empty/],
    ['a bitmap that was given away', new FakeImageBitmap(), {}, /given away/],
    ['no beams', blob('x'), { beams: 0 }, /"beams"/],
    ['too many alternatives', blob('x'), { alternatives: 9 }, /"alternatives"/],
    ['half a signal', blob('x'), { signal: {} }, /"signal"/],
  ])('refuses %s', async (_, image, options, message) => {
    const refused = glossa().caption(image as Blob, options as CaptionOptions);
    await expect(refused).rejects.toMatchObject({ code: 'bad-input' });
    await expect(refused).rejects.toThrow(message);
  });

  it('stops at once', async () => {
    const abort = new AbortController();
    const call = glossa().caption(blob('slow'), { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await expect(call).rejects.toMatchObject({ name: 'AbortError', code: 'aborted' });
    expect((await glossa().caption(blob('next'))).text).toBe('next');
  });

  it('has as many workers for many as the device has cores, and one again for one alone', async () => {
    vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
    const page = glossa();
    const many = ['a', 'b', 'c'].map((name) => page.caption(blob(name), { parallel: true }));
    expect((await Promise.all(many)).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    const workers = (name: string): string[] =>
      loopback.asked.filter((asked) => asked.includes(` caption ${name}`)).map((asked) => asked.split(' ')[0] ?? '');
    expect(new Set(['a', 'b', 'c'].flatMap(workers)).size).toBe(2);
    await page.caption(blob('alone'));
    // The manager, two that shared the device and are gone, and one that has it to itself.
    expect(loopback.workers.map(({ ended }) => ended)).toEqual([false, true, true, false]);
  });

  it('has no more workers than there is room for', async () => {
    vi.stubGlobal('navigator', { hardwareConcurrency: 4 });
    const page = createGlossa({ spawn: loopback.spawn, budgetBytes: 1 });
    await Promise.all(['a', 'b', 'c'].map((name) => page.caption(blob(name), { parallel: true })));
    expect(loopback.workers).toHaveLength(2);
  });

  it('is warmed up with the model that will be used', async () => {
    await glossa().warmUpCaption();
    expect(loopback.asked.some((asked) => asked.endsWith('warmUp caption'))).toBe(true);
  });
});
