import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Picture } from '../../library/pictureTypes.ts';
import { Choice } from '../shared/Choice.tsx';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { useKeepOrTell } from '../shared/Notice.tsx';
import { Panel } from '../shared/Panel.tsx';
import { saveFile } from '../shared/saveFile.ts';
import { useCopy } from '../shared/useCopy.ts';
import { trustIn } from './captionText.ts';
import type { Duplicate } from './duplicates.ts';
import {
  type AlbumExport,
  CAPTION_LANGUAGE,
  EXPORT_FORMATS,
  type ExportFormat,
  exportSheet,
  exportText,
  type ExportText,
} from './exportAlbum.ts';
import type { AlbumSnapshot, OpenAlbum } from './openAlbum.ts';
import { isTooLong, needsReview } from './pictureFilters.ts';

/** Names that are the same in every language. */
const FORMAT_NAMES: Partial<Record<ExportFormat, string>> = {
  csv: 'CSV',
  html: 'HTML',
  markdown: 'Markdown',
  json: 'JSON',
};

/** Shown of the file before it is saved. */
const PREVIEW_LENGTH = 1500;

interface Props {
  album: OpenAlbum;
  snapshot: AlbumSnapshot;
  duplicates: ReadonlyMap<string, Duplicate>;
  onClose: () => void;
}

/** Takes an album's texts away: in which format, in which language, and what it will look like. */
export function AlbumExportDialog({ album, snapshot: { record, pictures }, duplicates, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const { copy } = useCopy(t('export.copied'));
  const keepOrTell = useKeepOrTell();
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [text, setText] = useState<ExportText>('original');
  const hasOneText = format === 'html' || format === 'markdown';
  const notes = (picture: Picture): string[] => [
    ...(picture.decorative ? [t('album.isDecorative')] : []),
    ...(picture.caption && !picture.decorative && needsReview(picture)
      ? [t(`alt.trust.${trustIn(picture.caption)}`)]
      : []),
    ...(picture.failure ? [t('alt.unreadable')] : []),
  ];
  const wanted: AlbumExport = {
    record,
    pictures,
    duplicates,
    text,
    notes,
    thumbnail: (id) => album.thumbnail(id),
    locale: i18n.language,
  };
  const preview = format === 'sheet' ? null : exportText(wanted, format);
  const save = async (): Promise<void> => {
    const file = preview ?? (await exportSheet(wanted));
    saveFile(file.name, file.content, file.type);
    onClose();
  };
  const unread = pictures.filter(needsReview).length;
  const long = pictures.filter(isTooLong).length;

  return (
    <Panel title={t('export.title')} onClose={onClose}>
      <Choice
        label={t('export.format')}
        value={format}
        options={EXPORT_FORMATS.map((id) => ({
          id,
          label: FORMAT_NAMES[id] ?? t('album.sheet'),
          note: t(`album.exportNotes.${id}`),
        }))}
        onChange={setFormat}
      />
      {record.to !== null && hasOneText && (
        <Choice
          label={t('export.text')}
          value={text}
          options={[
            { id: 'original', label: languageName(CAPTION_LANGUAGE, i18n.language) },
            { id: 'translation', label: languageName(record.to, i18n.language) },
          ]}
          onChange={setText}
        />
      )}
      {preview && (
        <figure className="export-preview">
          <figcaption className="quiet">{preview.name}</figcaption>
          <pre tabIndex={0}>
            {preview.content.slice(0, PREVIEW_LENGTH)}
            {preview.content.length > PREVIEW_LENGTH && '\n…'}
          </pre>
        </figure>
      )}
      {[
        [unread, t('album.unread', { count: unread })] as const,
        [long, t('album.long', { count: long })] as const,
        [record.waiting, t('album.notYet', { count: record.waiting })] as const,
      ].map(
        ([count, note]) =>
          count > 0 && (
            <p key={note} className="size-note amber">
              <Icon name="warning" size={18} />
              {note}
            </p>
          ),
      )}
      <div className="panel-tools export-actions">
        <Button className="button primary" onPress={() => keepOrTell(save())}>
          <Icon name="save" size={18} />
          {t('export.save')}
        </Button>
        {preview && (
          <Button className="button" onPress={() => void copy(preview.content)}>
            <Icon name="copy" size={18} />
            {t('target.copy')}
          </Button>
        )}
      </div>
    </Panel>
  );
}
