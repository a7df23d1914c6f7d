import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Replace } from '../DeskContext.tsx';
import { useNotify } from '../shared/Notice.tsx';
import { EDITABLE_LENGTH, type FileReading, readTextFile } from './textFile.ts';

export interface OpenedFile {
  id: string;
  name: string;
  text: string;
}

export interface OpenFiles {
  /** The name of the file whose text is on the desk. */
  name: string | null;
  /** Files too many or too long for the desk: translated as files. */
  queue: OpenedFile[];
  open: (files: File[]) => Promise<void>;
  forget: () => void;
  closeQueue: () => void;
}

/** One short file comes onto the desk; several, or a long one, are translated in a queue. What cannot be read is said kindly. */
export function useOpenFiles(replace: Replace): OpenFiles {
  const { t } = useTranslation();
  const notify = useNotify();
  const [name, setName] = useState<string | null>(null);
  const [queue, setQueue] = useState<OpenedFile[]>([]);

  const open = useCallback(
    async (files: File[]) => {
      const readings = await Promise.all(files.map(readTextFile));
      const texts = readings.filter((reading): reading is Extract<FileReading, { ok: true }> => reading.ok);
      const first = texts[0];
      if (texts.length === 1 && first && first.text.length <= EDITABLE_LENGTH) {
        setName(first.name);
        const bringBack = replace({ source: first.text, picks: {} });
        if (bringBack) notify(t('files.opened', { name: first.name }), { label: t('share.back'), run: bringBack });
      } else if (texts.length > 0) {
        const opened = texts.map((reading): OpenedFile => ({
          id: crypto.randomUUID(),
          name: reading.name,
          text: reading.text,
        }));
        setQueue((before) => [...before, ...opened]);
      }
      const refused = readings.flatMap((reading) =>
        reading.ok ? [] : [t(`files.refused.${reading.reason}`, { name: reading.name })],
      );
      const guessed = texts.filter(({ encoding }) => encoding === 'windows-1252');
      const said = [...refused, ...guessed.map((reading) => t('files.guessed', { name: reading.name }))];
      if (said.length > 0) notify(said.join(' '));
    },
    [replace, notify, t],
  );
  const forget = useCallback(() => setName(null), []);
  const closeQueue = useCallback(() => setQueue([]), []);
  return { name, queue, open, forget, closeQueue };
}
