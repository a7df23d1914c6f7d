import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { formatClock, parseClock } from './clock.ts';
import { joinLines, retext, retime, retranslate, splitLine } from './lineEdits.ts';

interface Props {
  line: TranscriptLine;
  next: TranscriptLine | undefined;
  language: string;
  to: string | null;
  /** The player's time, where there is a player. */
  timeS: (() => number) | null;
  onEdit: (gone: TranscriptLine[], come: TranscriptLine[]) => void;
  /** Asks which language is spoken; null: there is nothing to choose. */
  onLanguage: ((line: TranscriptLine) => void) | null;
  /** Closes the editor; with a step, opens the line after or before. */
  onClose: (step?: 1 | -1) => void;
}

/** A line open for editing: text, translation, times; split, join, delete. Everything in one step of undo. */
export function LineEditor({ line, next, language, to, timeS, onEdit, onLanguage, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState(line.text);
  const [translation, setTranslation] = useState(line.translation ?? '');
  const [start, setStart] = useState(formatClock(line.startS, true));
  const [end, setEnd] = useState(formatClock(line.endS, true));
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef(line.text.length);
  const [startS, endS] = [parseClock(start), parseClock(end)];
  const wrongTime = startS === null || endS === null;

  /** The line as it stands in the fields; a time that was not touched keeps its thousandths. */
  const edited = (): TranscriptLine => {
    const from = start === formatClock(line.startS, true) ? line.startS : (startS ?? line.startS);
    const until = end === formatClock(line.endS, true) ? line.endS : (endS ?? line.endS);
    return retranslate(retext(retime(line, from, until), text.trim()), translation.trim());
  };
  const finish = (come: TranscriptLine[], gone: TranscriptLine[] = [line]): void => {
    onEdit(gone, come);
    onClose();
  };
  const save = (step?: 1 | -1): void => {
    if (wrongTime) return;
    onEdit([line], text.trim() === '' ? [] : [edited()]);
    onClose(step);
  };
  const split = (): void => {
    // The fields may begin with a space that the line has not.
    const lead = text.length - text.trimStart().length;
    const halves = splitLine(edited(), caret.current - lead);
    if (halves) finish(halves);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) split();
    else if (
      event.key === 'Enter' &&
      !event.shiftKey &&
      event.target instanceof HTMLElement &&
      !event.target.closest('button')
    )
      save();
    else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      save(event.key === 'ArrowDown' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const time = (label: string, value: string, change: (value: string) => void, wrong: boolean) => (
    <label className="field line-time-field">
      {label}
      <span>
        <input
          value={value}
          inputMode="decimal"
          aria-invalid={wrong}
          onChange={(event) => change(event.target.value)}
        />
        {timeS && (
          <Button
            className="button icon-button"
            aria-label={t('lines.fromPlayer', { field: label })}
            onPress={() => change(formatClock(timeS(), true))}
          >
            <Icon name="target" size={18} />
          </Button>
        )}
      </span>
    </label>
  );

  return (
    <li className="line-editor" data-line={line.id} onKeyDown={press}>
      <label className="field">
        {to === null ? t('lines.text') : languageName(language, i18n.language)}
        <textarea
          ref={field}
          autoFocus
          lang={language}
          rows={2}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onSelect={(event) => (caret.current = event.currentTarget.selectionStart)}
          onFocus={(event) => event.currentTarget.setSelectionRange(text.length, text.length)}
        />
      </label>
      {to !== null && (
        <label className="field">
          {languageName(to, i18n.language)}
          <textarea lang={to} rows={2} value={translation} onChange={(event) => setTranslation(event.target.value)} />
        </label>
      )}
      <div className="line-times">
        {time(t('lines.start'), start, setStart, startS === null)}
        {time(t('lines.end'), end, setEnd, endS === null)}
        {wrongTime && (
          <p className="line-wrong" role="alert">
            {t('lines.wrongTime')}
          </p>
        )}
      </div>
      <div className="line-tools">
        <Button className="button primary" onPress={() => save()} isDisabled={wrongTime}>
          <Icon name="check" size={18} />
          {t('lines.done')}
        </Button>
        <Button className="button" onPress={() => onClose()}>
          {t('cancel')}
        </Button>
        <span className="pane-actions-space" />
        <Button className="button text-button" onPress={split} aria-keyshortcuts="Control+Enter">
          <Icon name="split" size={18} />
          {t('lines.split')}
        </Button>
        {next && (
          <Button className="button text-button" onPress={() => finish([joinLines(edited(), next)], [line, next])}>
            <Icon name="join" size={18} />
            {t('lines.join')}
          </Button>
        )}
        {onLanguage && (
          <Button
            className="button text-button"
            onPress={() => {
              save();
              onLanguage(line);
            }}
          >
            <Icon name="speak" size={18} />
            {t('spoken.language')}
          </Button>
        )}
        <Button className="button text-button" onPress={() => finish([])}>
          <Icon name="trash" size={18} />
          {t('lines.delete')}
        </Button>
      </div>
    </li>
  );
}
