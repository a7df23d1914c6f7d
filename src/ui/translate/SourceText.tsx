import { memo, type ReactNode, type RefObject } from 'react';
import type { Lit, Active } from './useActive.ts';
import { LitText } from './LitText.tsx';
import type { Unit } from './units.ts';

/** Above this the text scrolls in its own box and is not mirrored: laying it out twice at every letter would be felt. */
export const MIRRORED_LENGTH = 30_000;

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  language: string | null;
  label: string;
  placeholder: string;
  /** The sentences of `text`; empty while they are not known. */
  units: Unit[];
  lit: Lit | null;
  onChange: (text: string) => void;
  point: (active: Active | null) => void;
}

/**
 * The text field with a mirror of its text behind it. The mirror gives the field its height and shows the highlights;
 * pointing at a word finds the mirror's element under the pointer. The field itself stays a plain textarea.
 */
export function SourceText({ field, text, language, label, placeholder, units, lit, onChange, point }: Props) {
  const mirrored = text.length <= MIRRORED_LENGTH;
  const pointAtCaret = (): void => {
    const caret = field.current?.selectionStart;
    if (caret === undefined) return;
    const unit = units.find(({ sentence, lineStart }) => sentence && caret <= lineStart + sentence.sourceRange[1]);
    const start = unit?.sentence ? unit.lineStart + unit.sentence.sourceRange[0] : Infinity;
    point(unit && caret >= start ? { unit: unit.id, side: 'source', word: [caret - start, caret - start + 1] } : null);
  };
  return (
    <div className={mirrored ? 'source-text' : 'source-text long'}>
      {mirrored && <Mirror text={text} language={language ?? 'en'} units={units} lit={lit} />}
      <textarea
        ref={field}
        className="reading"
        value={text}
        aria-label={label}
        placeholder={placeholder}
        // The reader came to type: the field is first and has the focus.
        autoFocus
        spellCheck={mirrored}
        dir="auto"
        {...(language === null ? {} : { lang: language })}
        onChange={(event) => {
          point(null);
          onChange(event.target.value);
        }}
        onPointerMove={(event) => point(wordUnder(event.clientX, event.clientY))}
        onPointerLeave={() => point(null)}
        onKeyUp={(event) => {
          if (/^(Arrow|Home|End|Page)/.test(event.key)) pointAtCaret();
        }}
        onBlur={(event) => {
          // Focus that goes on into the translation points there itself. Clearing first would replace the words under a
          // pressed button, and the browser would see no click.
          if (!event.relatedTarget?.closest('.target-text')) point(null);
        }}
      />
    </div>
  );
}

function wordUnder(x: number, y: number): Active | null {
  let word: Active['word'] = null;
  for (const element of document.elementsFromPoint(x, y)) {
    if (!(element instanceof HTMLElement)) continue;
    const { from, to, unit } = element.dataset;
    if (from !== undefined && to !== undefined) word = [Number(from), Number(to)];
    if (unit !== undefined && element.closest('.mirror')) return { unit, side: 'source', word };
  }
  return null;
}

interface MirrorProps {
  text: string;
  language: string;
  units: Unit[];
  lit: Lit | null;
}

const Mirror = memo(function Mirror({ text, language, units, lit }: MirrorProps) {
  let end = 0;
  const parts: ReactNode[] = [];
  for (const unit of units) {
    if (!unit.sentence) continue;
    const start = unit.lineStart + unit.sentence.sourceRange[0];
    const gap = text.slice(end, start);
    end = unit.lineStart + unit.sentence.sourceRange[1];
    const isLit = lit?.unit === unit.id;
    parts.push(
      gap,
      <span key={unit.id} data-unit={unit.id} className={isLit ? 'sentence lit-sentence' : 'sentence'}>
        <LitText text={text.slice(start, end)} language={language} lit={isLit ? lit.source : null} />
      </span>,
    );
  }
  return (
    <div className="mirror reading" aria-hidden="true" dir="auto">
      {parts}
      {text.slice(end)}
      {/* A last empty line has no height of its own. */}
      {'\u200B'}
    </div>
  );
});
