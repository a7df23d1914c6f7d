import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { EMPTY_SUMMARY_DRAFT, type SummaryDraft } from '../../library/draft.ts';
import { useDesk } from '../DeskContext.tsx';
import { useSettings } from '../SettingsContext.tsx';
import { Choice } from '../shared/Choice.tsx';
import { DropZone } from '../shared/DropZone.tsx';
import { formatNumber } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { PickOne } from '../shared/PickOne.tsx';
import { RanWhere, StatusLine } from '../shared/StatusLine.tsx';
import type { ScreenProps } from '../shell/screen.ts';
import { shortcutOf } from '../translate/shortcuts.ts';
import { useTask } from '../useTask.ts';
import { summaryModels } from '../useModels.ts';
import { SummaryPane } from './SummaryPane.tsx';
import { TextPane } from './TextPane.tsx';
import { useSummary } from './useSummary.ts';
import { useTextFile } from './useTextFile.ts';
import '../shared/panel.css';
import '../shared/work.css';
import './summarise.css';

/** The summariser: a text, how long its summary is to be, and the summary. */
export default function SummariseScreen({ isShown }: ScreenProps) {
  const { t, i18n } = useTranslation();
  const { settings } = useSettings();
  const { draft, changeDraft, models } = useDesk();
  const { text, length } = draft.summary ?? EMPTY_SUMMARY_DRAFT;
  const change = (patch: Partial<SummaryDraft>): void => changeDraft({ summary: { text, length, ...patch } });
  const field = useRef<HTMLTextAreaElement>(null);
  const offered = summaryModels(models.list ?? []);
  const [chosen, setChosen] = useState<string | null>(null);
  const model = offered.find(({ id }) => id === chosen) ?? offered[0];
  const summarising = useSummary();
  const open = useTextFile((given) => change({ text: given }));
  useSummaryWarmUp(isShown, model?.id);

  const { provider } = settings;
  const canStart = text.trim() !== '' && model !== undefined;
  const start = (): void => {
    if (canStart) summarising.start({ text, length, model: model.id, provider });
  };
  const asked = summarising.request;
  const isOld = asked !== null && (asked.text !== text || asked.length !== length);

  return (
    <DropZone
      className="summarise-screen"
      label={t('summarise.drop')}
      onFiles={(files) => open(files.map(({ file }) => file))}
    >
      <div
        className="sheet"
        onKeyDown={(event) => {
          const shortcut = shortcutOf(event.nativeEvent);
          if (shortcut === 'translate') start();
          if (shortcut === 'stop') summarising.stop();
        }}
      >
        <div className="summarise-bar">
          <Choice
            label={t('summarise.length')}
            value={length}
            options={(['short', 'medium', 'long'] as const).map((id) => ({ id, label: t(`summarise.lengths.${id}`) }))}
            onChange={(id) => change({ length: id })}
          />
          {offered.length > 1 && model && (
            <PickOne
              label={t('summarise.model')}
              value={model.id}
              options={offered.map(({ id, name }) => ({ id, label: name }))}
              onChange={setChosen}
            />
          )}
          <Button className="button primary" isDisabled={!canStart} onPress={start} aria-keyshortcuts="Control+Enter">
            <Icon name="summary" size={18} />
            {t('summarise.start')}
          </Button>
        </div>
        <div className="panes">
          <TextPane field={field} text={text} onChange={(given) => change({ text: given })} onFiles={open} />
          <SummaryPane summarising={summarising} isOld={isOld} onAgain={start} />
        </div>
      </div>
      <StatusLine promise={t('network.line')}>
        {summarising.summary && (
          <span data-testid="summary-ran">
            {offered.find(({ id }) => id === summarising.summary?.ran.model)?.name} ·{' '}
            <RanWhere ran={summarising.summary.ran} /> ·{' '}
            {t('ran.ms', { ms: formatNumber(summarising.summary.ran.ms, i18n.language) })}
          </span>
        )}
      </StatusLine>
    </DropZone>
  );
}

/** Loads the model before it is asked, so that the first summary comes sooner. What fails is told by the first job. */
function useSummaryWarmUp(isShown: boolean, model: string | undefined): void {
  const { run } = useTask();
  const { settings } = useSettings();
  const { provider } = settings;
  useEffect(() => {
    if (isShown && model !== undefined)
      void run((glossa, { signal }) => glossa.warmUpSummary({ model, provider, signal }));
  }, [isShown, model, provider, run]);
}
