import type { Glossa } from '../../client/engine.ts';
import { picturesAtOnce } from '../../client/picturesAtOnce.ts';
import type { Picture } from '../../library/pictureTypes.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { Caption, Ran } from '../../protocol/types.ts';
import { afterLoss } from '../afterLoss.ts';
import { type JobOptions, toFailure } from '../useTask.ts';
import { asSentence } from './captionText.ts';
import type { OpenAlbum } from './openAlbum.ts';
import type { Look } from './thumbnail.ts';

export interface CaptionAlbumOptions extends JobOptions {
  model: string | undefined;
  provider: ProviderChoice;
  /** Opens a picture for its size and its small copy. */
  lookAt: (file: Blob) => Promise<Look>;
  onBegin: (picture: string) => void;
  onEnd: (picture: string) => void;
  /** Its caption as it grows, where the album is that picture alone: of many, nobody could read it. */
  onPartial: (picture: string, text: string) => void;
  onCaption: (ran: Ran) => void;
}

/** Other captions asked for: as many as can be taken in at a glance, and no more of each of many than cost nothing. */
const ALTERNATIVES = { one: 4, many: 2 };
/** Pictures in a row that the engine itself fails at: then it is not the pictures. */
const MOST_BREAKDOWNS = 3;

/**
 * Captions what waits in an album, in its order, as many pictures at the same time as the device can. A picture that cannot be
 * read gets its failure, and the next one follows; what is at fault with the engine itself is thrown, and the rest goes on
 * waiting.
 */
export async function captionAlbum(glossa: Glossa, album: OpenAlbum, options: CaptionAlbumOptions): Promise<void> {
  const halt = new AbortController();
  const signal = AbortSignal.any([options.signal, halt.signal]);
  const looks = new Map<string, Promise<void>>();
  const look = (picture: Picture): Promise<void> => {
    const begun = looks.get(picture.id) ?? openPicture(album, picture, options.lookAt);
    looks.set(picture.id, begun);
    return begun;
  };
  const atWork = new Map<string, Promise<void>>();
  let breakdowns = 0;

  async function work(picture: Picture): Promise<void> {
    await look(picture);
    throwIfAborted(signal);
    options.onBegin(picture.id);
    try {
      await captionPicture(glossa, album, picture, { ...options, signal });
      breakdowns = 0;
    } catch (error) {
      if (signal.aborted) throw error;
      const { code, message } = toFailure(error);
      if (WHOLE.has(code)) throw error;
      if (BREAKDOWNS.has(code) && ++breakdowns >= MOST_BREAKDOWNS) throw error;
      album.update(picture.id, { state: 'failed', failure: { code, message } });
    } finally {
      options.onEnd(picture.id);
    }
  }

  try {
    for (;;) {
      throwIfAborted(signal);
      const atOnce = isAlone(album) ? 1 : picturesAtOnce(options.provider);
      for (const picture of nextPictures(album, atOnce - atWork.size, atWork)) {
        const working = work(picture).finally(() => {
          atWork.delete(picture.id);
          looks.delete(picture.id);
        });
        atWork.set(picture.id, working);
      }
      if (atWork.size === 0) return;
      // The next one is opened while these are captioned.
      for (const following of nextPictures(album, 1, atWork)) void look(following);
      await Promise.race(atWork.values());
    }
  } finally {
    halt.abort();
    await Promise.allSettled(atWork.values());
  }
}

/** Whether there is nothing in an album but one picture: the reader looks at it, and waits for it. */
const isAlone = (album: OpenAlbum): boolean => album.snapshot().pictures.length === 1;

/** What says nothing about a picture: every other one would fail as well. */
const WHOLE = new Set(['model-missing', 'model-corrupt', 'unsupported-model', 'download-failed', 'quota-exceeded']);
/** What a picture may have done to the engine, or may not. */
const BREAKDOWNS = new Set(['worker-crashed', 'out-of-memory', 'device-lost', 'internal']);

/** The first that wait, can be had, and are not at work. */
export function nextPictures(album: OpenAlbum, count: number, atWork?: ReadonlyMap<string, unknown>): Picture[] {
  const { pictures, missing } = album.snapshot();
  const next: Picture[] = [];
  for (const picture of pictures) {
    if (next.length >= count) break;
    if (picture.state !== 'waiting' || missing.has(picture.id) || atWork?.has(picture.id)) continue;
    next.push(picture);
  }
  return next;
}

/** Never rejects: whether a picture can be read is for the engine to say. */
async function openPicture(
  album: OpenAlbum,
  { id, sha256 }: Picture,
  lookAt: CaptionAlbumOptions['lookAt'],
): Promise<void> {
  const file = await album.file(id).catch(() => null);
  if (!file || (sha256 !== undefined && album.thumbnail(id))) return;
  const [hash, seen] = await Promise.allSettled([hashOf(file), lookAt(file)]);
  if (seen.status === 'fulfilled') album.keepThumbnail(id, seen.value.thumbnail);
  album.update(id, {
    ...(hash.status === 'fulfilled' && hash.value !== null ? { sha256: hash.value } : {}),
    ...(seen.status === 'fulfilled' ? { size: seen.value.size } : {}),
    ...(seen.status === 'fulfilled' && seen.value.look !== null ? { look: seen.value.look } : {}),
  });
}

/** SHA-256 in hexadecimal; null on a page that is not secure, where browsers have none. */
async function hashOf(file: Blob): Promise<string | null> {
  if (!globalThis.isSecureContext || file.size === 0) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function captionPicture(
  glossa: Glossa,
  album: OpenAlbum,
  { id }: Picture,
  { model, onCaption, onPartial, signal, onProgress, provider }: CaptionAlbumOptions,
): Promise<void> {
  const file = await album.file(id);
  if (!file) throw new EngineError('bad-input', 'The picture is gone: give its file again.');
  const alone = isAlone(album);
  const { sha256 } = album.picture(id) ?? {};
  const twin =
    sha256 === undefined
      ? undefined
      : album
          .snapshot()
          .pictures.find(
            (other) =>
              other.id !== id && other.sha256 === sha256 && (model === undefined || other.caption?.ran.model === model),
          )?.caption;
  const ask = (): Promise<Caption> =>
    glossa.caption(file, {
      signal,
      onProgress,
      provider,
      ...(model === undefined ? {} : { model }),
      alternatives: alone ? ALTERNATIVES.one : ALTERNATIVES.many,
      ...(alone ? { onPartial: (text) => onPartial(id, text) } : { parallel: true }),
    });
  const caption = twin ?? (await afterLoss(signal, ask));
  const { size, text } = album.picture(id) ?? { text: '' };
  album.update(id, {
    state: 'done',
    caption,
    size: size ?? { width: caption.width, height: caption.height },
    // What the reader wrote meanwhile stands.
    ...(text === '' ? { text: asSentence(caption.text) } : {}),
  });
  onCaption(caption.ran);
}
