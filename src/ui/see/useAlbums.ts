import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bringBackAlbum, deleteAlbums, listAlbums, readAlbum } from '../../library/pictures.ts';
import type { AlbumRecord } from '../../library/pictureTypes.ts';
import { useKeepOrTell, useNotify } from '../shared/Notice.tsx';
import { OpenAlbum } from './openAlbum.ts';

export interface Albums {
  /** Newest first; null until the library answered. */
  records: AlbumRecord[] | null;
  refresh: () => void;
  /** An album that is not in the library yet. */
  create: (title: string) => OpenAlbum;
  /** One from the list; the same object each time, so that captioner and screen work on one album. */
  open: (record: AlbumRecord) => Promise<OpenAlbum>;
  /** Deletes one; it can be had back for a while. */
  remove: (record: AlbumRecord) => Promise<void>;
}

/** The albums on this device, and those that are open. */
export function useAlbums(): Albums {
  const { t } = useTranslation();
  const notify = useNotify();
  const keepOrTell = useKeepOrTell();
  const [records, setRecords] = useState<AlbumRecord[] | null>(null);
  const opened = useRef(new Map<string, OpenAlbum>());

  const refresh = useCallback(() => {
    const list = async (): Promise<void> => {
      await Promise.all([...opened.current.values()].map((album) => album.keep()));
      setRecords(await listAlbums());
    };
    keepOrTell(list());
  }, [keepOrTell]);

  const create = useCallback<Albums['create']>(
    (title) => {
      const record: AlbumRecord = {
        id: crypto.randomUUID(),
        title,
        at: Date.now(),
        count: 0,
        waiting: 0,
        to: null,
        preview: '',
        cover: null,
      };
      const album = new OpenAlbum(record, keepOrTell);
      opened.current.set(record.id, album);
      return album;
    },
    [keepOrTell],
  );

  const open = useCallback<Albums['open']>(
    async (record) => {
      const before = opened.current.get(record.id);
      if (before) return before;
      const album = await OpenAlbum.open(record, keepOrTell);
      opened.current.set(record.id, album);
      return album;
    },
    [keepOrTell],
  );

  const remove = useCallback<Albums['remove']>(
    async (record) => {
      await opened.current.get(record.id)?.keep();
      opened.current.delete(record.id);
      const kept = await readAlbum(record);
      await deleteAlbums([record.id]);
      refresh();
      notify(t('albums.deleted', { title: record.title }), {
        label: t('undo'),
        run: () => keepOrTell(bringBackAlbum(kept).then(refresh)),
      });
    },
    [keepOrTell, notify, refresh, t],
  );

  // What was written within the last moment is kept before the page can be thrown away.
  useEffect(() => {
    const keepAll = (): void => {
      for (const album of opened.current.values()) keepOrTell(album.keep());
    };
    document.addEventListener('visibilitychange', keepAll);
    addEventListener('pagehide', keepAll);
    return () => {
      keepAll();
      document.removeEventListener('visibilitychange', keepAll);
      removeEventListener('pagehide', keepAll);
    };
  }, [keepOrTell]);

  return useMemo(() => ({ records, refresh, create, open, remove }), [records, refresh, create, open, remove]);
}
