import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { Choice } from '../shared/Choice.tsx';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { Panel } from '../shared/Panel.tsx';
import { PickOne } from '../shared/PickOne.tsx';
import { formatClock } from './clock.ts';
import { languageOptions } from './languageOptions.ts';
import { runAround, spokenIn } from './lineLanguages.ts';

type Scope = 'one' | 'run' | 'all';

interface Props {
  record: TranscriptRecord;
  lines: readonly TranscriptLine[];
  /** The line that it was asked of; null: of the whole. */
  line: TranscriptLine | null;
  /** What the model can be told that is spoken. */
  languages: readonly string[];
  /** Whether there is sound to hear again. */
  hasSound: boolean;
  onHear: (lines: readonly TranscriptLine[], language: string) => void;
  onClose: () => void;
}

/** Says which language is spoken, where the model was wrong: that stretch is heard again. */
export function LanguageDialog({ record, lines, line, languages, hasSound, onHear, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const heardAs = line ? spokenIn(line, record) : record.language;
  const [language, setLanguage] = useState(heardAs);
  const [scope, setScope] = useState<Scope>(line ? 'one' : 'all');
  const run = line ? runAround(lines, line, record) : [];
  const scopes = {
    one: line ? [line] : [],
    run: run.length > 1 && run.length < lines.length ? run : [],
    all: lines.length > 1 || !line ? lines : [],
  };
  const name = (tag: string): string => languageName(tag, i18n.language);
  const labels: Record<Scope, string> = {
    one: t('spoken.one', { time: formatClock(line?.startS ?? 0) }),
    run: t('spoken.run', {
      from: formatClock(run[0]?.startS ?? 0),
      to: formatClock(run.at(-1)?.endS ?? 0),
      language: name(heardAs),
    }),
    all: t('spoken.all'),
  };
  const offered = (['one', 'run', 'all'] as const).filter((each) => scopes[each].length > 0);
  return (
    <Panel title={t('spoken.correct')} onClose={onClose}>
      <div className="language-dialog">
        <PickOne
          label={t('spoken.language')}
          value={language}
          options={languageOptions([...new Set([...languages, heardAs])], i18n.language)}
          onChange={setLanguage}
        />
        {offered.length > 1 && (
          <Choice
            label={t('spoken.scope')}
            value={scope}
            options={offered.map((id) => ({ id, label: labels[id] }))}
            onChange={setScope}
          />
        )}
        <p className="quiet">{t(hasSound ? 'spoken.how' : 'spoken.noSound')}</p>
        <div className="panel-tools">
          <Button
            className="button primary"
            isDisabled={!hasSound}
            onPress={() => {
              onHear(scopes[scope], language);
              onClose();
            }}
          >
            <Icon name="speak" size={18} />
            {t('spoken.hear')}
          </Button>
          <Button className="button" onPress={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
