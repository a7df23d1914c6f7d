import type { ReactNode } from 'react';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { timePieces, pieces } from '../../formats/subtitles/words.ts';
import { findIn } from './lineSearch.ts';

/** Words less sure than this are marked. */
const UNSURE = 0.5;

interface Props {
  line: TranscriptLine;
  query: string;
  /** The word that is being said; -1: none. */
  word: number;
  /** What an unsure word says when pointed at. */
  unsureTitle: (probability: number) => string;
}

/** A line's text with what was searched for, what the recogniser was not sure of, and the word that is being said. */
export function LineText({ line, query, word, unsureTitle }: Props): ReactNode {
  if (query !== '') return <Found text={line.text} query={query} />;
  const words = timePieces(pieces(line.text), line.words);
  if (!words || (word === -1 && words.every(({ probability }) => probability >= UNSURE))) return line.text;
  const said = line.words?.[word]?.startS;
  return words.map(({ text, startS, endS, probability }, i) => {
    const begin = text.length - text.trimStart().length;
    const unsure = probability < UNSURE;
    const current = said !== undefined && said >= startS && said < endS;
    if (!unsure && !current) return text;
    const className = [unsure ? 'unsure' : '', current ? 'said' : ''].filter(Boolean).join(' ');
    return [
      text.slice(0, begin),
      <span key={i} className={className} title={unsure ? unsureTitle(probability) : undefined}>
        {text.slice(begin)}
      </span>,
    ];
  });
}

export function Found({ text, query }: { text: string; query: string }): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of findIn(text, query)) {
    parts.push(
      text.slice(at, from),
      <mark key={from} className="found">
        {text.slice(from, to)}
      </mark>,
    );
    at = to;
  }
  return [...parts, text.slice(at)];
}
