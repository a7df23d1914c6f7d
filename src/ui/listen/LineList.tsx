import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { LineEditor } from './LineEditor.tsx';
import { hasSeveralLanguages, spokenIn, writtenIn } from './lineLanguages.ts';
import { LineRow } from './LineRow.tsx';
import type { Playback } from './playback.ts';

/** After the reader scrolled, the list does not follow the player for this long. */
const LEFT_ALONE_MS = 4000;

interface Props {
  lines: readonly TranscriptLine[];
  /** Of the whole: lines may have their own. */
  record: TranscriptRecord;
  to: string | null;
  beside: boolean;
  query: string;
  /** The line that the search stands at. */
  found: string | null;
  playback: Playback;
  canPlay: boolean;
  onEdit: (gone: TranscriptLine[], come: TranscriptLine[]) => void;
  /** Asks which language is spoken in a line; null: there is nothing to choose. */
  onLanguage: ((line: TranscriptLine) => void) | null;
}

/** All lines. Arrow keys go along them, Enter plays, F2 edits, Delete deletes; the one being said is lit and kept in sight. */
export function LineList({ lines, record, to, beside, query, found, playback, canPlay, onEdit, onLanguage }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const scrolledAt = useRef(-Infinity);
  const toFocus = useRef<string | null>(null);
  const { place, seek, timeS, toggle, playing } = playback;
  const currentId = lines[place.line]?.id ?? null;
  const several = hasSeveralLanguages(lines, record);
  const tabStop = lines.some(({ id }) => id === active) ? active : (lines[0]?.id ?? null);

  const rowOf = (id: string): HTMLElement | null =>
    list.current?.querySelector<HTMLElement>(`[data-line="${CSS.escape(id)}"]`) ?? null;

  useEffect(() => {
    if (currentId === null || !playing || performance.now() - scrolledAt.current < LEFT_ALONE_MS) return;
    rowOf(currentId)?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [currentId, playing]);
  useEffect(() => {
    if (found !== null) rowOf(found)?.scrollIntoView({ block: 'center' });
  }, [found]);

  const play = useCallback(
    (line: TranscriptLine) => {
      setActive(line.id);
      seek(line.startS);
      if (!playing) toggle();
    },
    [seek, toggle, playing],
  );
  const jump = useCallback(
    (line: TranscriptLine) => {
      setActive(line.id);
      seek(line.startS);
    },
    [seek],
  );
  const edit = useCallback(
    (line: TranscriptLine) => {
      setActive(line.id);
      setEditing(line.id);
      if (playing) toggle();
    },
    [playing, toggle],
  );
  const focusRow = (id: string): void => {
    setActive(id);
    const time = rowOf(id)?.querySelector<HTMLElement>('.line-time');
    // One that was open for editing has to be drawn as a row again first.
    if (time) time.focus();
    else toFocus.current = id;
  };
  useEffect(() => {
    if (toFocus.current === null) return;
    rowOf(toFocus.current)?.querySelector<HTMLElement>('.line-time')?.focus();
    toFocus.current = null;
  });
  const close = (line: TranscriptLine, index: number, step?: 1 | -1): void => {
    const other = step === undefined ? undefined : lines[index + step];
    setEditing(other?.id ?? null);
    if (other) setActive(other.id);
    else focusRow(lines.some(({ id }) => id === line.id) ? line.id : (lines[index + 1]?.id ?? lines[0]?.id ?? ''));
  };

  const press = (event: KeyboardEvent): void => {
    if (editing !== null || !(event.target instanceof HTMLElement)) return;
    const index = lines.findIndex(
      ({ id }) => id === (event.target as HTMLElement).closest<HTMLElement>('[data-line]')?.dataset['line'],
    );
    const line = lines[index];
    if (!line || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -lines.length, End: lines.length }[
      event.key
    ];
    if (step !== undefined) {
      const target = lines[Math.max(0, Math.min(lines.length - 1, index + step))];
      if (target) focusRow(target.id);
    } else if (event.key === 'F2') edit(line);
    else if (event.key === 'Delete') {
      onEdit([line], []);
      const neighbour = lines[index + 1] ?? lines[index - 1];
      if (neighbour) focusRow(neighbour.id);
    } else return;
    event.preventDefault();
  };
  const leaveAlone = (): void => {
    scrolledAt.current = performance.now();
  };

  return (
    <ol
      ref={list}
      className={`lines${beside && to !== null ? ' beside' : ''}`}
      aria-label={t('lines.label')}
      onKeyDown={press}
      onWheel={leaveAlone}
      onTouchMove={leaveAlone}
    >
      {lines.map((line, i) =>
        editing === line.id ? (
          <LineEditor
            key={line.id}
            line={line}
            next={lines[i + 1]}
            language={writtenIn(line, record)}
            to={to}
            timeS={canPlay ? timeS : null}
            onEdit={onEdit}
            onLanguage={onLanguage}
            onClose={(step) => close(line, i, step)}
          />
        ) : (
          <LineRow
            key={line.id}
            line={line}
            language={writtenIn(line, record)}
            spoken={several ? spokenIn(line, record) : null}
            to={to}
            query={query}
            current={line.id === currentId}
            word={line.id === currentId ? place.word : -1}
            found={line.id === found}
            isTabStop={line.id === tabStop}
            canPlay={canPlay}
            onPlay={play}
            onJump={jump}
            onEdit={edit}
            onLanguage={onLanguage}
          />
        ),
      )}
    </ol>
  );
}
