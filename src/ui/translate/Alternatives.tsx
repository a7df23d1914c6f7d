import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { Alternative, TranslatedSentence } from '../../protocol/types.ts';
import { useTask } from '../useTask.ts';
import { commonWords, words } from './alignment.ts';
import { warningText } from './warningText.ts';
import type { Unit } from './units.ts';

/** Other wordings asked for, and hypotheses kept in search to find them. */
const COUNT = 5;

interface Props {
  unit: Unit;
  sentence: TranslatedSentence;
  from: string;
  to: string;
  terms: [string, string][];
  provider: ProviderChoice;
  onPick: (pick: Alternative | null) => void;
  onClose: () => void;
}

/** A sentence's other wordings, with how sure the engine is of each; picking one puts it in the translation. */
export function Alternatives({ unit, sentence, from, to, terms, provider, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const { run, running, failure } = useTask();
  const [found, setFound] = useState<Alternative[]>([]);
  const [anchor] = useState(() => ({
    current: document.querySelector<HTMLElement>(`.target-text [data-unit="${CSS.escape(unit.id)}"]`),
  }));

  useEffect(() => {
    void run((glossa, options) =>
      glossa.translate(sentence.source, {
        ...options,
        from,
        to,
        provider,
        glossary: terms,
        beams: COUNT,
        alternatives: COUNT,
      }),
    ).then((outcome) => {
      if (outcome.state !== 'done') return;
      // Ranges count within the sentence, so only a sentence that stayed whole can be exchanged.
      const [again, ...rest] = outcome.value.sentences;
      if (!again || rest.length > 0) return;
      setFound([{ text: again.target, score: again.score, alignment: again.alignment }, ...again.alternatives]);
    });
  }, [run, sentence.source, from, to, provider, terms]);

  const own: Alternative = { text: sentence.target, score: sentence.score, alignment: sentence.alignment };
  const wordings = distinct([own, ...(unit.pick ? [unit.pick] : []), ...found]);
  const current = unit.pick?.text ?? own.text;

  return (
    <Popover
      className="popover alternatives"
      triggerRef={anchor}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      placement="bottom start"
      offset={6}
    >
      <Dialog className="alternatives-dialog" aria-label={t('alternatives.title')}>
        {sentence.warnings.map((warning, i) => (
          <p key={i} className="alternatives-warning">
            {warningText(t, warning)}
          </p>
        ))}
        <h2 className="menu-header">{t('alternatives.title')}</h2>
        <ListBox
          className="menu"
          aria-label={t('alternatives.title')}
          autoFocus
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[current]}
          onSelectionChange={(keys) => {
            const [key] = keys === 'all' ? [] : [...keys];
            const pick = wordings.find(({ text }) => text === key);
            onPick(!pick || pick.text === own.text ? null : pick);
            onClose();
          }}
        >
          {wordings.map((wording) => (
            <ListBoxItem key={wording.text} id={wording.text} className="menu-item wording" textValue={wording.text}>
              <span className="wording-text" lang={to}>
                <Difference text={wording.text} from={own.text} language={to} />
              </span>
              <Confidence score={wording.score} />
            </ListBoxItem>
          ))}
        </ListBox>
        <p className="menu-foot" role="status">
          {running
            ? t('alternatives.searching')
            : failure
              ? t(`errors.${failure.code}`)
              : wordings.length === 1
                ? t('alternatives.none')
                : t('alternatives.hint')}
          {running && (
            <Button className="button text-button" onPress={onClose}>
              {t('stop')}
            </Button>
          )}
        </p>
      </Dialog>
    </Popover>
  );
}

/** Each wording once, the surest first. */
function distinct(wordings: Alternative[]): Alternative[] {
  const byText = new Map<string, Alternative>();
  for (const wording of wordings) if (!byText.has(wording.text)) byText.set(wording.text, wording);
  return [...byText.values()].sort((a, b) => b.score - a.score);
}

/** The words that the engine's own wording does not have, or has elsewhere, stand out. */
function Difference({ text, from, language }: { text: string; from: string; language: string }) {
  const kept = new Set(commonWords(wordList(from, language), wordList(text, language)));
  let position = 0;
  return words(text, language).map(({ range, word }) => {
    const piece = text.slice(...range);
    return word && !kept.has(position++) ? <mark key={range[0]}>{piece}</mark> : piece;
  });
}

const wordList = (text: string, language: string): string[] =>
  words(text, language).flatMap(({ range, word }) => (word ? text.slice(...range).toLowerCase() : []));

/** A mean log-probability per token as a probability, in words and as a bar. */
function Confidence({ score }: { score: number }) {
  const { t } = useTranslation();
  const share = Math.min(1, Math.exp(score));
  const level = share >= 0.75 ? 'high' : share >= 0.55 ? 'middle' : 'low';
  return (
    <span className={`confidence ${level}`}>
      <span className="confidence-bar" aria-hidden="true">
        <span style={{ width: `${Math.round(share * 100)}%` }} />
      </span>
      <span>
        {t('alternatives.confidence', { level: t(`alternatives.${level}`), percent: Math.round(share * 100) })}
      </span>
    </span>
  );
}
