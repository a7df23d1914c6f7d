import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  deleteTranscripts,
  keepLines,
  keepRecording,
  keepTranscript,
  listTranscripts,
  readLines,
  readRecording,
} from '../../library/transcripts.ts';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { useKeepOrTell, useNotify } from '../shared/Notice.tsx';
import { OpenTranscript } from './openTranscript.ts';

export interface Shelf {
  /** Newest first; null until the library answered. */
  records: TranscriptRecord[] | null;
  refresh: () => void;
  /** A transcript that is not in the library yet. */
  create: (about: Pick<TranscriptRecord, 'title' | 'origin' | 'language'>, lines?: TranscriptLine[]) => OpenTranscript;
  /** One from the list; the same object each time, so that a job and a screen work on one transcript. */
  open: (record: TranscriptRecord) => Promise<OpenTranscript>;
  /** Deletes one; it can be had back for a while. */
  remove: (record: TranscriptRecord) => Promise<void>;
  /** Deletes one that never held anything. */
  discard: (transcript: OpenTranscript) => void;
}

/** The transcripts on this device, and those that are open. */
export function useShelf(): Shelf {
  const { t } = useTranslation();
  const notify = useNotify();
  const keepOrTell = useKeepOrTell();
  const [records, setRecords] = useState<TranscriptRecord[] | null>(null);
  const opened = useRef(new Map<string, OpenTranscript>());

  const refresh = useCallback(() => {
    const list = async (): Promise<void> => {
      await Promise.all([...opened.current.values()].map((transcript) => transcript.keep()));
      setRecords(await listTranscripts());
    };
    keepOrTell(list());
  }, [keepOrTell]);

  const create = useCallback<Shelf['create']>(
    (about, lines = []) => {
      const record: TranscriptRecord = {
        ...about,
        id: crypto.randomUUID(),
        at: Date.now(),
        to: null,
        state: 'growing',
        durationS: 0,
        preview: '',
        recorded: false,
      };
      const transcript = new OpenTranscript(record, [], keepOrTell);
      transcript.edit([], lines);
      transcript.forgetEdits();
      opened.current.set(record.id, transcript);
      keepOrTell(transcript.keep());
      return transcript;
    },
    [keepOrTell],
  );

  const open = useCallback<Shelf['open']>(
    async (record) => {
      const before = opened.current.get(record.id);
      if (before) return before;
      const transcript = new OpenTranscript(record, await readLines(record.id), keepOrTell);
      opened.current.set(record.id, transcript);
      return transcript;
    },
    [keepOrTell],
  );

  const remove = useCallback<Shelf['remove']>(
    async (record) => {
      await opened.current.get(record.id)?.keep();
      opened.current.delete(record.id);
      const [lines, recording] = await Promise.all([readLines(record.id), readRecording(record.id)]);
      await deleteTranscripts([record.id]);
      refresh();
      const bringBack = async (): Promise<void> => {
        await keepLines(record.id, [], lines);
        if (recording) await keepRecording(record.id, 0, recording);
        await keepTranscript(record);
        refresh();
      };
      notify(t('transcripts.deleted', { title: record.title }), {
        label: t('undo'),
        run: () => keepOrTell(bringBack()),
      });
    },
    [keepOrTell, notify, refresh, t],
  );

  const discard = useCallback<Shelf['discard']>(
    (transcript) => {
      opened.current.delete(transcript.id);
      const discardKept = async (): Promise<void> => {
        await transcript.keep();
        await deleteTranscripts([transcript.id]);
        // Only now: a list that was read before still has it.
        refresh();
      };
      keepOrTell(discardKept());
    },
    [keepOrTell, refresh],
  );

  // What was typed within the last moment is written before the page can be thrown away.
  useEffect(() => {
    const keepAll = (): void => {
      for (const transcript of opened.current.values()) keepOrTell(transcript.keep());
    };
    document.addEventListener('visibilitychange', keepAll);
    addEventListener('pagehide', keepAll);
    return () => {
      keepAll();
      document.removeEventListener('visibilitychange', keepAll);
      removeEventListener('pagehide', keepAll);
    };
  }, [keepOrTell]);

  return useMemo(
    () => ({ records, refresh, create, open, remove, discard }),
    [records, refresh, create, open, remove, discard],
  );
}
