import type { ReactNode } from 'react';
import type { ListeningChoices } from '../../library/listening.ts';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { writtenIn } from './lineLanguages.ts';

/** Phrases drawn: more than any choice of lines can show. */
const DRAWN = 8;

interface Props {
  lines: readonly TranscriptLine[];
  stable: string;
  tail: string;
  record: TranscriptRecord;
  /** The language of the translations, or null. */
  to: string | null;
  choices: ListeningChoices;
  /** Stands in place of captions while there are none. */
  children?: ReactNode;
}

/** The captions as they roll up: what was said, what is being said, and in a quieter tone what may still change. */
export function CaptionStage({ lines, stable, tail, record, to, choices, children }: Props) {
  const place = to === null ? 'none' : choices.translationPlace;
  const drawn = lines.slice(-DRAWN);
  const open = stable + tail !== '' && (
    <p key="open" lang={record.textLanguage ?? record.language}>
      {stable.trimStart()}
      <span className="caption-tail">{stable === '' ? tail.trimStart() : tail}</span>
    </p>
  );
  const original = (line: TranscriptLine): ReactNode => (
    <p key={line.id} lang={writtenIn(line, record)}>
      {line.text}
    </p>
  );
  const translated = (line: TranscriptLine): ReactNode =>
    line.translation !== undefined && (
      <p key={`${line.id} translated`} className="caption-translation" lang={to ?? undefined}>
        {line.translation}
      </p>
    );
  const empty = drawn.length === 0 && !open;
  return (
    <div
      className={`caption-stage ${choices.captionSize} ${choices.captionColours} lines-${choices.captionLines} place-${place}`}
    >
      {empty && <div className="caption-empty">{children}</div>}
      {!empty && place !== 'only' && (
        <div className="caption-roll">
          {drawn.map((line) => (place === 'under' ? [original(line), translated(line)] : original(line)))}
          {open}
        </div>
      )}
      {!empty && (place === 'beside' || place === 'only') && (
        <div className="caption-roll">
          {drawn.map(translated)}
          {place === 'only' && open}
        </div>
      )}
    </div>
  );
}
