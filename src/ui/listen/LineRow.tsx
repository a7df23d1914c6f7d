import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { formatClock } from './clock.ts';
import { Found, LineText } from './LineText.tsx';

interface Props {
  line: TranscriptLine;
  /** Of its text. */
  language: string;
  /** What is spoken in it, where that is worth saying. */
  spoken: string | null;
  to: string | null;
  query: string;
  /** Whether this line is being said, and which word of it. */
  current: boolean;
  word: number;
  /** Whether the search stands at this line. */
  found: boolean;
  isTabStop: boolean;
  canPlay: boolean;
  onPlay: (line: TranscriptLine) => void;
  onJump: (line: TranscriptLine) => void;
  onEdit: (line: TranscriptLine) => void;
  /** Asks which language is spoken; null: there is nothing to choose. */
  onLanguage: ((line: TranscriptLine) => void) | null;
}

/** A line to read: its time plays it, a click anywhere jumps to it, the pencil or a double click opens it. */
export const LineRow = memo(function LineRow(props: Props) {
  const { t, i18n } = useTranslation();
  const { line, language, to, query, isTabStop, onPlay, onJump, onEdit } = props;
  const clock = formatClock(line.startS);
  const classes = ['line', props.current ? 'current' : '', props.found ? 'found-line' : ''];
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  const languageTitle = (tag: string): string => {
    const name = languageName(tag, i18n.language);
    const { languageProbability: sure } = line;
    return sure === undefined ? name : t('spoken.sure', { language: name, percent: percent.format(sure) });
  };
  return (
    <li
      className={classes.filter(Boolean).join(' ')}
      data-line={line.id}
      aria-current={props.current ? 'true' : undefined}
      onClick={() => {
        // A text that was just marked is to be copied.
        if (props.canPlay && getSelection()?.isCollapsed !== false) onJump(line);
      }}
      onDoubleClick={() => onEdit(line)}
    >
      <div className="line-side">
        <button
          type="button"
          className="line-time"
          tabIndex={isTabStop ? 0 : -1}
          aria-label={t(props.canPlay ? 'lines.play' : 'lines.at', { time: clock })}
          onClick={(event) => {
            event.stopPropagation();
            onPlay(line);
          }}
        >
          {clock}
        </button>
        {props.spoken !== null && (
          <button
            type="button"
            className="line-language"
            tabIndex={isTabStop ? 0 : -1}
            disabled={props.onLanguage === null}
            title={languageTitle(props.spoken)}
            aria-label={t('spoken.ofLine', { language: languageTitle(props.spoken), time: clock })}
            onClick={(event) => {
              event.stopPropagation();
              props.onLanguage?.(line);
            }}
          >
            {props.spoken}
          </button>
        )}
      </div>
      <div className="line-texts">
        <p className="line-text" lang={language}>
          <LineText
            line={line}
            query={query}
            word={props.word}
            unsureTitle={(probability) => t('lines.unsure', { percent: percent.format(probability) })}
          />
        </p>
        {to !== null && (
          <p className="line-translation" lang={to}>
            <Found text={line.translation ?? ''} query={query} />
          </p>
        )}
      </div>
      <button
        type="button"
        className="button icon-button line-edit"
        tabIndex={isTabStop ? 0 : -1}
        aria-label={t('lines.edit', { time: clock })}
        onClick={(event) => {
          event.stopPropagation();
          onEdit(line);
        }}
      >
        <Icon name="pencil" size={18} />
      </button>
    </li>
  );
});
