import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Glossa } from '../../client/engine.ts';
import { deleteLibrary } from '../../library/everything.ts';
import { listAlbums, readPictures } from '../../library/pictures.ts';
import type { AlbumRecord } from '../../library/pictureTypes.ts';
import { abortedError, EngineError, type ErrorCode } from '../../protocol/errors.ts';
import { fakeGlossa, seen } from '../fakeGlossa.fixture.ts';
import { captionAlbum, type CaptionAlbumOptions } from './captionAlbum.ts';
import { OpenAlbum } from './openAlbum.ts';

// Each test has an album of its own: what an earlier one still writes is not in its way.
let number = 0;
const record = (): AlbumRecord => ({
  id: String(++number),
  title: 'holiday',
  at: 1,
  count: 0,
  waiting: 0,
  to: null,
  preview: '',
  cover: null,
});

// Not every runtime of tests has these.
beforeAll(() => {
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('isSecureContext', true);
});
beforeEach(deleteLibrary);

const file = (name: string, content = name): { file: File; path: string } => ({
  file: new File([content], name, { type: 'image/png', lastModified: 5 }),
  path: name,
});

function album(...names: string[]): OpenAlbum {
  const opened = new OpenAlbum(record(), (writing) => void writing.catch(() => undefined));
  opened.add(names.map((name) => file(name)));
  return opened;
}

function run(
  glossa: Glossa,
  opened: OpenAlbum,
  controller = new AbortController(),
  more: Partial<CaptionAlbumOptions> = {},
): Promise<void> {
  return captionAlbum(glossa, opened, {
    signal: controller.signal,
    onProgress: () => undefined,
    model: 'caption',
    provider: 'auto',
    lookAt: async () => ({
      size: { width: 640, height: 480 },
      thumbnail: new Blob(['small'], { type: 'image/webp' }),
      look: '0123456789abcdef',
    }),
    onBegin: () => undefined,
    onEnd: () => undefined,
    onPartial: () => undefined,
    onCaption: () => undefined,
    ...more,
  });
}

const states = (opened: OpenAlbum): string[] => opened.snapshot().pictures.map(({ state }) => state);
const texts = (opened: OpenAlbum): string[] => opened.snapshot().pictures.map(({ text }) => text);
/** An engine that fails at each picture as its name says. */
const failing = (code: ErrorCode, at: RegExp): Glossa => {
  const { caption } = fakeGlossa();
  return fakeGlossa({
    caption: vi.fn<Glossa['caption']>((image, options) => {
      if (image instanceof File && at.test(image.name)) return Promise.reject(new EngineError(code, 'No.'));
      return caption(image, options);
    }),
  });
};

it('captions one after the other, with a broken one among them, and keeps it all', async () => {
  const opened = album('a.png', 'broken.png', 'c.png');
  await run(fakeGlossa(), opened);
  expect(states(opened)).toEqual(['done', 'failed', 'done']);
  expect(texts(opened)).toEqual(['A brown cat sits on a table.', '', 'A brown cat sits on a table.']);
  expect(opened.snapshot().pictures[1]?.failure).toMatchObject({ code: 'bad-input' });
  expect(opened.snapshot().record).toMatchObject({ count: 3, waiting: 0, preview: 'A brown cat sits on a table.' });
  await opened.keep();
  expect((await readPictures(opened.id)).map(({ state }) => state)).toEqual(['done', 'failed', 'done']);
  expect((await listAlbums()).find(({ id }) => id === opened.id)).toMatchObject({ waiting: 0 });
});

it('stops between pictures and goes on where it was', async () => {
  const opened = album('a.png', 'b.png', 'c.png');
  const controller = new AbortController();
  const stopped = run(fakeGlossa(), opened, controller, { onCaption: () => controller.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  expect(states(opened)).toEqual(['done', 'waiting', 'waiting']);
  const caption = vi.fn(fakeGlossa().caption);
  await run(fakeGlossa({ caption }), opened);
  expect(states(opened)).toEqual(['done', 'done', 'done']);
  expect(caption).toHaveBeenCalledTimes(2);
});

it('goes on after a reload with the files that are kept, and waits for those that are not', async () => {
  const opened = album('a.png', 'b.png');
  await opened.keep();
  // Until the originals are written, too.
  await vi.waitFor(async () => {
    const again = await OpenAlbum.open(opened.snapshot().record, () => undefined);
    expect(again.snapshot().missing.size).toBe(0);
  });
  const kept = await readPictures(opened.id);
  const again = new OpenAlbum(opened.snapshot().record, () => undefined, {
    pictures: kept,
    thumbnails: new Map(),
    originals: new Set([kept[1]?.id ?? '']),
  });
  await run(fakeGlossa(), again);
  expect(states(again)).toEqual(['waiting', 'done']);

  expect(again.lacks(file('a.png'))).toBe(true);
  expect(again.lacks(file('a.png', 'another'))).toBe(false);
  expect(again.add([file('a.png')])).toEqual([]);
  expect(again.snapshot()).toMatchObject({ missing: new Set() });
  await run(fakeGlossa(), again);
  expect(states(again)).toEqual(['done', 'done']);
});

it('tries a picture again after a crash, and gives it up after the second', async () => {
  const glossa = failing('worker-crashed', /bad/);
  const opened = album('bad.png', 'good.png');
  await run(glossa, opened);
  expect(states(opened)).toEqual(['failed', 'done']);
  expect(glossa.caption).toHaveBeenCalledTimes(3);
});

it('halts where the engine is at fault, and what waits goes on waiting', async () => {
  const gone = album('a.png', 'b.png');
  await expect(run(failing('model-missing', /./), gone)).rejects.toMatchObject({ code: 'model-missing' });
  expect(states(gone)).toEqual(['waiting', 'waiting']);

  const crashing = album('a.png', 'b.png', 'c.png', 'd.png');
  await expect(run(failing('worker-crashed', /./), crashing)).rejects.toMatchObject({ code: 'worker-crashed' });
  expect(states(crashing)).toEqual(['failed', 'failed', 'waiting', 'waiting']);
});

it('captions the same file once, and knows it from one that only looks alike', async () => {
  const caption = vi.fn(fakeGlossa().caption);
  const opened = new OpenAlbum(record(), () => undefined);
  opened.add([file('a.png', 'same'), file('copy.png', 'same'), file('other.png')]);
  await run(fakeGlossa({ caption }), opened);
  expect(caption).toHaveBeenCalledTimes(2);
  expect(states(opened)).toEqual(['done', 'done', 'done']);
  const [a, copy, other] = opened.snapshot().pictures;
  expect(copy?.sha256).toBe(a?.sha256);
  expect(other?.sha256).not.toBe(a?.sha256);
});

it('leaves what the reader wrote meanwhile', async () => {
  const opened = album('a.png');
  const id = opened.snapshot().pictures[0]?.id ?? '';
  opened.edit(id, { text: 'My own words.' });
  await run(fakeGlossa(), opened);
  expect(texts(opened)).toEqual(['My own words.']);
  expect(opened.snapshot().pictures[0]?.caption?.text).toBe(seen().text);
  opened.again(id);
  expect(opened.snapshot().pictures[0]).toMatchObject({ state: 'waiting', text: 'My own words.' });
});

it('holds two pictures open at most', async () => {
  let open = 0;
  let most = 0;
  const opened = album('a.png', 'b.png', 'c.png', 'd.png', 'e.png');
  await run(fakeGlossa(), opened, new AbortController(), {
    lookAt: async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open--;
      return { size: { width: 1, height: 1 }, thumbnail: new Blob([]), look: null };
    },
  });
  expect(most).toBeLessThanOrEqual(2);
  expect(states(opened).every((state) => state === 'done')).toBe(true);
});

describe('on two cores', () => {
  beforeEach(() => void vi.stubGlobal('navigator', { hardwareConcurrency: 2 }));
  afterEach(() => void vi.stubGlobal('navigator', {}));

  it('captions two at the same time, each once, and one alone with all there is', async () => {
    let open = 0;
    let most = 0;
    const { caption } = fakeGlossa();
    const counting = vi.fn<Glossa['caption']>(async (image, options) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open--;
      return caption(image, options);
    });
    const opened = album('a.png', 'b.png', 'broken.png', 'd.png', 'e.png');
    const atWork: string[] = [];
    await run(fakeGlossa({ caption: counting }), opened, new AbortController(), {
      onBegin: (id) => atWork.push(id),
      onEnd: (id) => atWork.splice(atWork.indexOf(id), 1),
    });
    expect(most).toBe(2);
    expect(counting).toHaveBeenCalledTimes(5);
    expect(counting.mock.calls.every(([, options]) => options?.parallel)).toBe(true);
    expect(states(opened)).toEqual(['done', 'done', 'failed', 'done', 'done']);
    expect(atWork).toEqual([]);

    counting.mockClear();
    await run(fakeGlossa({ caption: counting }), album('alone.png'));
    expect(counting.mock.calls[0]?.[1]).not.toHaveProperty('parallel');
  });

  it('stops both where the engine is at fault, and leaves what they were at waiting', async () => {
    const { caption } = fakeGlossa();
    const signals: AbortSignal[] = [];
    const opened = album('a.png', 'bad.png', 'c.png');
    const glossa = fakeGlossa({
      caption: vi.fn<Glossa['caption']>((image, options) => {
        if (options?.signal) signals.push(options.signal);
        if (image instanceof File && image.name === 'bad.png') {
          return Promise.reject(new EngineError('model-missing', 'No.'));
        }
        return new Promise((resolve, reject) => {
          options?.signal?.addEventListener('abort', () => reject(abortedError()));
          setTimeout(() => resolve(caption(image, options)), 1000);
        });
      }),
    });
    await expect(run(glossa, opened)).rejects.toMatchObject({ code: 'model-missing' });
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    expect(states(opened)).toEqual(['waiting', 'waiting', 'waiting']);
  });
});
