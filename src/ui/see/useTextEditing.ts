import { useCallback, useRef, useState } from 'react';
import type { OpenAlbum } from './openAlbum.ts';

/** Which of a picture's texts is open. */
export interface EditedText {
  picture: string;
  field: 'text' | 'translation';
}

export interface TextEditing {
  now: EditedText | null;
  begin: (what: EditedText) => void;
  /** What is written so far: it is kept as it is typed, so that a crash loses nothing. */
  type: (text: string) => void;
  /** Ends it, in one step of undo. */
  done: (text: string) => void;
  cancel: () => void;
}

/** One alternative text at a time is open for editing. */
export function useTextEditing(album: OpenAlbum): TextEditing {
  const [now, setNow] = useState<EditedText | null>(null);
  const before = useRef({ text: '', translation: '', translatedFrom: null as string | null });

  const begin = useCallback(
    (what: EditedText) => {
      const picture = album.picture(what.picture);
      if (!picture) return;
      before.current = picture;
      setNow(what);
    },
    [album],
  );
  const restore = useCallback(
    ({ picture }: EditedText) => {
      const { text, translation, translatedFrom } = before.current;
      album.update(picture, { text, translation, translatedFrom });
    },
    [album],
  );
  const type = useCallback(
    (text: string) => {
      if (now) album.update(now.picture, written(now.field, text));
    },
    [album, now],
  );
  const done = useCallback(
    (text: string) => {
      if (!now) return;
      const changed = text !== before.current[now.field];
      restore(now);
      if (changed) album.edit(now.picture, written(now.field, text));
      setNow(null);
    },
    [album, now, restore],
  );
  const cancel = useCallback(() => {
    if (now) restore(now);
    setNow(null);
  }, [now, restore]);
  return { now, begin, type, done, cancel };
}

/** A translation that the reader wrote is nobody else's to change; without one, it is made again. */
const written = (field: EditedText['field'], text: string) =>
  field === 'text' ? { text, reviewed: true } : { translation: text, translatedFrom: null };
