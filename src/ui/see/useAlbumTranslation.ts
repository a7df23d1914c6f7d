import { useEffect, useMemo, useRef, useState } from 'react';
import type { Picture } from '../../library/pictureTypes.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { Progress } from '../../protocol/types.ts';
import { type Failure, useTask } from '../useTask.ts';
import { CAPTION_LANGUAGE } from './exportAlbum.ts';
import type { AlbumSnapshot, OpenAlbum } from './openAlbum.ts';

export interface AlbumTranslation {
  /** null: nothing is being translated. */
  progress: Progress | null;
  stopped: boolean;
  failure: Failure | null;
  stop: () => void;
  goOn: () => void;
}

/** Texts translated in one call. */
const BATCH = 16;

/** A translation that the reader wrote stays as it is. */
const needsTranslation = ({ text, decorative, translation, translatedFrom }: Picture): boolean =>
  text !== '' && !decorative && (translation === '' || (translatedFrom !== null && translatedFrom !== text));

/** Translates what is not translated, also while captions come in and are edited. */
export function useAlbumTranslation(
  album: OpenAlbum,
  { record: { to }, pictures }: AlbumSnapshot,
  ready: boolean,
  /** A picture whose text is being written: it is translated when that is done. */
  editing: string | null,
  provider: ProviderChoice,
): AlbumTranslation {
  const { run, stop, running, failure } = useTask();
  const [held, setHeld] = useState(false);
  // From the start of a call until its texts are in their places: `running` ends a moment before that.
  const busy = useRef(false);
  const [calls, setCalls] = useState(0);
  const batch = useMemo(
    () =>
      to === null || !ready || held
        ? []
        : pictures.filter((picture) => picture.id !== editing && needsTranslation(picture)).slice(0, BATCH),
    [pictures, to, ready, held, editing],
  );

  useEffect(() => {
    if (busy.current || batch.length === 0 || to === null) return;
    busy.current = true;
    void run((glossa, options) =>
      glossa.translate(
        batch.map(({ text }) => text),
        { ...options, from: CAPTION_LANGUAGE, to, provider },
      ),
    ).then((outcome) => {
      busy.current = false;
      // Into another language it is of no use any more.
      if (outcome.state === 'done' && album.snapshot().record.to === to) {
        album.replace(
          batch.map(({ id, text }, i) => ({
            id,
            patch: { translation: outcome.value[i]?.text ?? '', translatedFrom: text },
          })),
        );
      }
      if (outcome.state === 'failed') setHeld(true);
      setCalls((before) => before + 1);
    });
    // `calls` among them: what came while one was at work is looked at when it has ended.
  }, [calls, batch, run, album, to, provider]);

  const texts = pictures.filter(({ text, decorative }) => text !== '' && !decorative).length;
  const left = to === null ? 0 : pictures.filter(needsTranslation).length;
  return {
    progress: running ? { stage: 'decode', unit: 'items', done: texts - left, total: texts } : null,
    stopped: held && failure === null && left > 0,
    failure,
    stop: () => {
      setHeld(true);
      stop();
    },
    goOn: () => setHeld(false),
  };
}

/** Turns an album's translation on, into another language, or off. Translations into another language are of no use. */
export function translateInto(album: OpenAlbum, to: string | null): void {
  const { record, pictures } = album.snapshot();
  if (to === record.to) return;
  album.change({ to });
  if (to !== null && record.to !== null) {
    album.replace(pictures.map(({ id }) => ({ id, patch: { translation: '', translatedFrom: null } })));
  }
}
