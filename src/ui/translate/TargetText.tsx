import { type KeyboardEvent, memo, type PointerEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Range } from '../../protocol/types.ts';
import { usedTerms, words } from './alignment.ts';
import { LitText } from './LitText.tsx';
import { groupUnits, type Output, type Unit, type UnitGroup } from './units.ts';
import type { Active, Lit } from './useActive.ts';

interface Props {
  output: Output;
  language: string;
  lit: Lit | null;
  terms: [string, string][];
  openUnit: string | null;
  point: (active: Active | null) => void;
  onOpen: (unit: string) => void;
}

/** The translation, sentence by sentence: one tab stop, arrows move by word and sentence, Enter opens the other wordings. */
export function TargetText({ output, language, lit, terms, openUnit, point, onOpen }: Props) {
  const { t } = useTranslation();
  const [stop, setStop] = useState<string | null>(null);
  const { units } = output;
  const tabStop = units.some(({ id }) => id === stop) ? stop : (units.find(({ sentence }) => sentence)?.id ?? null);

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (event.pointerType !== 'touch') point(activeAt(event.target));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-unit]') : null;
    const unit = units.find(({ id }) => id === element?.dataset['unit']);
    if (!unit?.sentence || !element) return;
    if (event.key === 'Enter' || event.key === ' ') onOpen(unit.id);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const word = nextWord(
        unit.text,
        language,
        lit?.unit === unit.id ? lit.target : [],
        event.key === 'ArrowRight' ? 1 : -1,
      );
      point({ unit: unit.id, side: 'target', word });
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=button]')];
      all[all.indexOf(element) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    } else return;
    event.preventDefault();
  };

  const groups = useMemo(() => groupUnits(output), [output]);
  return (
    <div
      className="target-text reading"
      role="group"
      aria-label={t('target.label')}
      lang={language}
      dir="auto"
      onPointerMove={onPointerMove}
      onPointerLeave={() => point(null)}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const active = activeAt(event.target);
        if (!active) return;
        setStop(active.unit);
        // A click focuses the sentence that the pointer is on: its word stays lit.
        if (lit?.unit !== active.unit) point(active);
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) point(null);
      }}
      onClick={(event) => {
        const active = activeAt(event.target);
        // Selecting text to copy it is not asking for other wordings.
        if (active && getSelection()?.isCollapsed !== false) onOpen(active.unit);
      }}
    >
      {groups.map((group, i) => {
        const here = (id: string | null | undefined): boolean => group.units.some((unit) => unit.id === id);
        return (
          <Group
            key={i}
            units={group.units}
            tail={group.tail}
            language={language}
            terms={terms}
            lit={here(lit?.unit) ? lit : null}
            tabStop={here(tabStop) ? tabStop : null}
            openUnit={here(openUnit) ? openUnit : null}
          />
        );
      })}
    </div>
  );
}

function activeAt(target: EventTarget): Active | null {
  if (!(target instanceof Element)) return null;
  const unit = target.closest<HTMLElement>('[role=button][data-unit]')?.dataset['unit'];
  const word = target.closest<HTMLElement>('[data-from]')?.dataset;
  if (unit === undefined) return null;
  return { unit, side: 'target', word: word ? [Number(word['from']), Number(word['to'])] : null };
}

/** The word after (or before) the one that is lit; round the corner at the ends. */
function nextWord(text: string, language: string, lit: Range[], step: 1 | -1): Range | null {
  const all = words(text, language).filter(({ word }) => word);
  const at = all.findIndex(({ range }) => range[0] === lit[0]?.[0]);
  const next = at === -1 ? (step === 1 ? 0 : all.length - 1) : (at + step + all.length) % all.length;
  return all[next]?.range ?? null;
}

interface GroupProps extends UnitGroup {
  language: string;
  terms: [string, string][];
  lit: Lit | null;
  tabStop: string | null;
  openUnit: string | null;
}

const sameUnit = (a: Unit, b: Unit | undefined): boolean =>
  a.id === b?.id &&
  a.text === b.text &&
  a.gap === b.gap &&
  a.state === b.state &&
  a.sentence === b.sentence &&
  a.pick === b.pick;

const Group = memo(
  function Group({ units, tail, language, terms, lit, tabStop, openUnit }: GroupProps) {
    return (
      <div className="target-group">
        {units.map((unit) => (
          <Sentence
            key={unit.id}
            unit={unit}
            language={language}
            terms={terms}
            lit={lit?.unit === unit.id ? lit.target : null}
            isTabStop={tabStop === unit.id}
            isOpen={openUnit === unit.id}
          />
        ))}
        {tail}
      </div>
    );
  },
  (a, b) =>
    a.tail === b.tail &&
    a.language === b.language &&
    a.terms === b.terms &&
    a.lit === b.lit &&
    a.tabStop === b.tabStop &&
    a.openUnit === b.openUnit &&
    a.units.length === b.units.length &&
    a.units.every((unit, i) => sameUnit(unit, b.units[i])),
);

interface SentenceProps {
  unit: Unit;
  language: string;
  terms: [string, string][];
  lit: Range[] | null;
  isTabStop: boolean;
  isOpen: boolean;
}

function Sentence({ unit, language, terms, lit, isTabStop, isOpen }: SentenceProps) {
  const { sentence, text, gap, state, pick } = unit;
  if (!sentence) {
    return (
      <>
        {gap}
        <span className={`sentence ${state}`}>{text}</span>
      </>
    );
  }
  const classes = [
    'sentence',
    lit ? 'lit-sentence' : '',
    sentence.warnings.length > 0 ? 'doubtful' : '',
    pick ? 'picked' : '',
  ];
  return (
    <>
      {gap}
      <span
        role="button"
        tabIndex={isTabStop ? 0 : -1}
        data-unit={unit.id}
        className={classes.filter(Boolean).join(' ')}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        {...(sentence.warnings.length > 0 ? { 'aria-describedby': `checks-${unit.id}` } : {})}
      >
        <LitText text={text} language={language} lit={lit} terms={usedTerms(sentence.source, text, terms)} />
      </span>
    </>
  );
}
