import { useEffect, useRef } from 'react';
import type { HistoryEntry } from '../../library/database.ts';
import { keepInHistory } from '../../library/history.ts';
import { useKeepOrTell } from '../shared/Notice.tsx';

/** A translation is kept once the reader has left it alone for this long. */
const LEFT_ALONE_MS = 2000;

type Content = Omit<HistoryEntry, 'id' | 'at'>;

/** Keeps finished translations. Going on writing changes the entry; another text or direction begins a new one. */
export function useHistory(content: Content | null): void {
  const keepOrTell = useKeepOrTell();
  const last = useRef<HistoryEntry | null>(null);
  const { from, to, source, target } = content ?? { from: '', to: '', source: '', target: '' };
  useEffect(() => {
    if (source === '') return;
    const timer = setTimeout(() => {
      const before = last.current;
      const goesOn = before && before.from === from && before.to === to && isEdit(before.source, source);
      const entry = { id: goesOn ? before.id : crypto.randomUUID(), at: Date.now(), from, to, source, target };
      last.current = entry;
      keepOrTell(keepInHistory(entry));
    }, LEFT_ALONE_MS);
    return () => clearTimeout(timer);
  }, [from, to, source, target, keepOrTell]);
}

/** Whether one text looks like the other edited: they share a beginning or an end of half the shorter one. */
export function isEdit(before: string, after: string): boolean {
  const half = Math.ceil(Math.min(before.length, after.length) / 2);
  return before.slice(0, half) === after.slice(0, half) || before.slice(-half) === after.slice(-half);
}
