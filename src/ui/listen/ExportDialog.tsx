import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Group, Input, Label, NumberField } from 'react-aria-components';
import { DEFAULT_LIMITS } from '../../formats/subtitles/shapeCues.ts';
import { CUE_RANGES } from '../../library/listening.ts';
import { languageName } from '../shared/format.ts';
import { Choice } from '../shared/Choice.tsx';
import { Icon } from '../shared/Icon.tsx';
import { Panel } from '../shared/Panel.tsx';
import { saveFile } from '../shared/saveFile.ts';
import { useCopy } from '../shared/useCopy.ts';
import { EXPORT_FORMATS, exportTranscript, type ExportFormat, type ExportText } from './exportTranscript.ts';
import type { TranscriptSnapshot } from './openTranscript.ts';
import type { Listening } from './useListening.ts';

/** Names that are the same in every language. */
const FORMAT_NAMES: Partial<Record<ExportFormat, string>> = { srt: 'SRT', vtt: 'WebVTT', json: 'JSON' };

/** Shown of the file before it is saved. */
const PREVIEW_LINES = 14;

interface Props {
  snapshot: TranscriptSnapshot;
  listening: Listening;
  onClose: () => void;
}

/** Takes a transcript away: in which format, which language, how much on a line, and what it will look like. */
export function ExportDialog({ snapshot: { record, lines }, listening, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const { copy } = useCopy(t('export.copied'));
  const { choices, choose } = listening;
  const { lineLength, linesPerCue, charactersPerSecond } = choices;
  const [format, setFormat] = useState<ExportFormat>('srt');
  const [text, setText] = useState<ExportText>(record.to === null ? 'original' : 'both');
  const isCues = format === 'srt' || format === 'vtt';
  const file = useMemo(
    () =>
      exportTranscript(record, lines, {
        format,
        text,
        limits: { ...DEFAULT_LIMITS, lineLength, lines: linesPerCue, charactersPerSecond },
      }),
    [record, lines, format, text, lineLength, linesPerCue, charactersPerSecond],
  );
  const rows = file.content.split('\n');

  return (
    <Panel title={t('export.title')} onClose={onClose}>
      <Choice
        label={t('export.format')}
        value={format}
        options={EXPORT_FORMATS.map((id) => ({
          id,
          label: FORMAT_NAMES[id] ?? t('export.plainText'),
          note: t(`export.notes.${id}`),
        }))}
        onChange={setFormat}
      />
      {record.to !== null && (
        <Choice
          label={t('export.text')}
          value={text}
          options={[
            { id: 'both', label: t('export.both') },
            { id: 'original', label: languageName(record.language, i18n.language) },
            { id: 'translation', label: languageName(record.to, i18n.language) },
          ]}
          onChange={setText}
        />
      )}
      {isCues && (
        <div className="export-limits">
          {(['lineLength', 'linesPerCue', 'charactersPerSecond'] as const).map((limit) => (
            <NumberField
              key={limit}
              className="field number-field"
              value={choices[limit]}
              minValue={CUE_RANGES[limit][0]}
              maxValue={CUE_RANGES[limit][1]}
              onChange={(value) => {
                if (Number.isFinite(value)) choose({ [limit]: value });
              }}
            >
              <Label>{t(`export.${limit}`)}</Label>
              <Group>
                <Button slot="decrement" className="button icon-button">
                  <Icon name="minus" size={16} />
                </Button>
                <Input />
                <Button slot="increment" className="button icon-button">
                  <Icon name="plus" size={16} />
                </Button>
              </Group>
            </NumberField>
          ))}
        </div>
      )}
      <figure className="export-preview">
        <figcaption className="quiet">{file.name}</figcaption>
        <pre tabIndex={0}>
          {rows.slice(0, PREVIEW_LINES).join('\n')}
          {rows.length > PREVIEW_LINES && '\n…'}
        </pre>
      </figure>
      {file.tooFast > 0 && (
        <p className="size-note amber">
          <Icon name="warning" size={18} />
          {t('export.tooFast', { count: file.tooFast })}
        </p>
      )}
      <div className="panel-tools export-actions">
        <Button
          className="button primary"
          onPress={() => {
            saveFile(file.name, file.content, file.type);
            onClose();
          }}
        >
          <Icon name="save" size={18} />
          {t('export.save')}
        </Button>
        <Button className="button" onPress={() => void copy(file.content)}>
          <Icon name="copy" size={18} />
          {t('target.copy')}
        </Button>
      </div>
    </Panel>
  );
}
