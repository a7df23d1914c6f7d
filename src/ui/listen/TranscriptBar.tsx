import { useTranslation } from 'react-i18next';
import { Button, Input, SearchField, TextField } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { PickOne } from '../shared/PickOne.tsx';
import { UndoButtons } from '../shared/UndoButtons.tsx';
import { useVia } from '../shared/useVia.ts';
import { targetLanguages } from '../useModels.ts';
import type { OpenTranscript, TranscriptSnapshot } from './openTranscript.ts';
import type { Listening } from './useListening.ts';

interface Props {
  transcript: OpenTranscript;
  snapshot: TranscriptSnapshot;
  query: string;
  matches: number;
  /** Which of the matches the search stands at, from 1. */
  match: number;
  listening: Listening;
  onQuery: (query: string) => void;
  onStep: (by: 1 | -1) => void;
  /** Corrects what is spoken; null: there is nothing to choose. */
  onLanguage: (() => void) | null;
  onExport: () => void;
  onClose: () => void;
}

/** What a transcript is called, and what can be done with all of it. */
export function TranscriptBar(props: Props) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const { transcript, snapshot, query, matches, match, listening } = props;
  const { record, lines, canUndo, canRedo } = snapshot;
  const written = record.textLanguage ?? record.language;
  const targets = targetLanguages(models.list ?? [], written);
  const { translationPlace } = listening.choices;
  const via = useVia();

  const translateInto = (to: string | null): void => {
    if (to === record.to) return;
    transcript.change({ to });
    // Translations into another language are of no use, and would be taken for this one's.
    if (to !== null && record.to !== null) {
      transcript.replace(lines.map(({ translation: _, translatedFrom: __, ...line }) => line));
    }
  };

  return (
    <header className="work-bar">
      <div className="work-head">
        <IconButton icon="back" label={t('transcript.back')} onPress={props.onClose} />
        <TextField
          className="work-name"
          aria-label={t('transcript.name')}
          value={record.title}
          onChange={(title) => transcript.change({ title })}
        >
          <Input />
        </TextField>
        <Button className="button primary" onPress={props.onExport} isDisabled={lines.length === 0}>
          <Icon name="save" size={18} />
          {t('export.open')}
        </Button>
      </div>
      <div className="work-tools">
        {targets.length > 0 && (
          <PickOne
            label={t('home.translate')}
            labelHidden
            value={record.to ?? ''}
            options={[
              { id: '', label: languageName(written, i18n.language) },
              ...targets.map((id) => ({
                id,
                label: `${languageName(written, i18n.language)} → ${languageName(id, i18n.language)}${via(written, id)}`,
              })),
            ]}
            onChange={(id) => translateInto(id === '' ? null : id)}
          />
        )}
        {record.to !== null && (
          <IconButton
            icon={translationPlace === 'under' ? 'beside' : 'under'}
            label={t(translationPlace === 'under' ? 'transcript.beside' : 'transcript.under')}
            onPress={() => listening.choose({ translationPlace: translationPlace === 'under' ? 'beside' : 'under' })}
          />
        )}
        {props.onLanguage && (
          <Button
            className="button text-button spoken-code"
            aria-label={t('spoken.ofAll', { language: languageName(record.language, i18n.language) })}
            onPress={props.onLanguage}
          >
            <Icon name="speak" size={18} />
            {record.language}
          </Button>
        )}
        <UndoButtons
          canUndo={canUndo}
          canRedo={canRedo}
          undo={() => transcript.undo()}
          redo={() => transcript.redo()}
        />
        <SearchField
          className="search work-search"
          aria-label={t('transcript.search')}
          value={query}
          onChange={props.onQuery}
          onKeyDown={(event) => {
            if (event.key === 'Enter') props.onStep(event.shiftKey ? -1 : 1);
          }}
        >
          <Icon name="search" size={18} />
          <Input placeholder={t('transcript.search')} />
          {query !== '' && (
            <span className="search-count" role="status">
              {matches === 0 ? t('transcript.noMatch') : t('progress.of', { done: match, total: matches })}
            </span>
          )}
        </SearchField>
      </div>
    </header>
  );
}
