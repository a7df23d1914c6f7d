import { useEffect, useRef, useState } from 'react';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';

/** Screen readers are told at most this often, in whole phrases: what comes in between is told together. */
const EVERY_MS = 2500;
/** Kept in the page, so that what is being read is not taken away. */
const KEPT = 3;

interface Props {
  lines: readonly TranscriptLine[];
  language: string;
  /** The language of the translations, where these are told instead. */
  to: string | null;
}

/** Tells finished phrases to screen readers, without flooding them: nothing that may still change, nothing twice. */
export function Announcer({ lines, language, to }: Props) {
  const [said, setSaid] = useState<{ id: string; text: string }[]>([]);
  // What stood there before is read by going through the page.
  const told = useRef(lines.length);
  const latest = useRef({ lines, to });
  useEffect(() => {
    latest.current = { lines, to };
  });
  useEffect(() => {
    const timer = setInterval(() => {
      const { lines: all, to: other } = latest.current;
      const fresh = all.slice(told.current);
      told.current = all.length;
      const last = fresh.at(-1);
      if (!last) return;
      const text = fresh.map((line) => (other === null ? line.text : (line.translation ?? line.text))).join(' ');
      setSaid((before) => [...before, { id: last.id, text }].slice(-KEPT));
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="visually-hidden" role="log" aria-live="polite" lang={to ?? language} data-testid="announcer">
      {said.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
