import { type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { Icon } from '../shared/Icon.tsx';
import { InstallationNote } from '../shared/InstallationNote.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { useEditorKeys } from '../shared/useEditorKeys.ts';
import type { Installation } from '../shared/useInstallation.ts';
import { AlbumAnnouncer } from './AlbumAnnouncer.tsx';
import { AlbumBar } from './AlbumBar.tsx';
import { AlbumExportDialog } from './AlbumExportDialog.tsx';
import { FailureText } from './FailureText.tsx';
import { findDuplicates } from './duplicates.ts';
import { type ModelChoice, ModelPick } from '../shared/ModelPick.tsx';
import type { OpenAlbum } from './openAlbum.ts';
import { countFilters, passes, type PictureFilter, type PictureOrder, sortPictures } from './pictureFilters.ts';
import type { ChosenFile } from '../shared/chosenFiles.ts';
import { PictureList } from './PictureList.tsx';
import { TranslationStatus } from './TranslationStatus.tsx';
import type { Captioning } from './useCaptioning.ts';
import { useOpenAlbum } from './useOpenAlbum.ts';
import { useTextEditing } from './useTextEditing.ts';

interface Props {
  album: OpenAlbum;
  captioning: Captioning;
  installation: Installation;
  modelChoice: ModelChoice;
  isShown: () => boolean;
  /** The picture that is looked at instead of the list. */
  opened: string | null;
  onFiles: (files: ChosenFile[]) => void;
  onOpen: (picture: string) => void;
  onClose: () => void;
}

/** Many pictures: a list that fills as they are captioned, to read, correct and take away. */
export function AlbumView(props: Props) {
  const { t } = useTranslation();
  const { album, captioning, installation, modelChoice } = props;
  const { model } = modelChoice;
  const snapshot = useOpenAlbum(album);
  const { record, pictures, missing } = snapshot;
  const editing = useTextEditing(album);
  const [filter, setFilter] = useState<PictureFilter>('all');
  const [order, setOrder] = useState<PictureOrder>('given');
  /** What was worked on since the filter was chosen stays in sight: nothing goes from under the reader's hands. */
  const [worked, setWorked] = useState<ReadonlySet<string>>(new Set());
  const [exporting, setExporting] = useState(false);
  // The list may be a moment behind: what is typed is not.
  const settled = useDeferredValue(pictures);
  const duplicates = useMemo(() => findDuplicates(settled), [settled]);
  const counts = useMemo(() => countFilters(settled, { duplicates, missing }), [settled, duplicates, missing]);
  const shown = useMemo(
    () =>
      sortPictures(
        settled.filter((picture) => worked.has(picture.id) || passes(filter, picture, { duplicates, missing })),
        order,
      ),
    [settled, filter, order, worked, duplicates, missing],
  );
  const section = useReturn(props.opened);
  useEditorKeys({ undo: () => album.undo(), redo: () => album.redo() }, props.isShown);

  const isRunning = captioning.running === record.id;
  const isQueued = captioning.waiting.includes(record.id);
  const failure = captioning.failures[record.id] ?? null;
  const lost = pictures.filter(({ id, state }) => state === 'waiting' && missing.has(id)).length;
  const left = record.waiting - lost;
  const work = (id: string): void => setWorked((before) => (before.has(id) ? before : new Set([...before, id])));
  const retry = (ids: readonly string[]): void => {
    for (const id of ids) album.again(id);
    captioning.start(album, false);
  };

  return (
    <section ref={section} className="sheet album-view" aria-label={record.title} tabIndex={-1}>
      <AlbumBar
        album={album}
        snapshot={snapshot}
        counts={counts}
        filter={filter}
        order={order}
        onFilter={(next) => {
          setFilter(next);
          setWorked(new Set());
        }}
        onOrder={setOrder}
        onFiles={props.onFiles}
        onExport={() => setExporting(true)}
        onClose={props.onClose}
      />
      <div className="work-notes">
        {isRunning && (
          <JobProgress
            progress={
              captioning.loading ?? {
                stage: 'decode',
                unit: 'items',
                done: record.count - record.waiting,
                total: record.count,
              }
            }
            label={t('see.looking')}
            doing={t('see.looking')}
            onStop={() => captioning.stop(record.id)}
          />
        )}
        {isQueued && installation.state !== 'installed' && model && (
          <InstallationNote model={model} installation={installation} />
        )}
        {isQueued && installation.state === 'installed' && <p className="quiet">{t('files.waiting')}</p>}
        {failure && !isRunning && !isQueued && (
          <p className="note" role="alert">
            <FailureText failure={failure} />
          </p>
        )}
        {left > 0 && !isRunning && !isQueued && (
          <p className="note">
            {t('album.stopped', { count: left })}{' '}
            <Button className="button primary" onPress={() => captioning.start(album, false)}>
              {t('continue')}
            </Button>
          </p>
        )}
        {lost > 0 && <p className="note">{t('album.lost', { count: lost })}</p>}
        {filter === 'failed' && counts.failed > 0 && !isRunning && (
          <p>
            <Button
              className="button"
              onPress={() => retry(pictures.filter(({ state }) => state === 'failed').map(({ id }) => id))}
            >
              <Icon name="history" size={18} />
              {t('album.retryAll')}
            </Button>
          </p>
        )}
        <TranslationStatus album={album} snapshot={snapshot} editing={editing.now?.picture ?? null} />
      </div>
      <PictureList
        album={album}
        pictures={shown}
        duplicates={duplicates}
        missing={missing}
        to={record.to}
        atWork={captioning.atWork}
        editing={editing}
        onWork={work}
        onOpen={props.onOpen}
        onRetry={(id) => retry([id])}
      />
      <div className="album-foot">
        <ModelPick label={t('see.model')} {...modelChoice} />
      </div>
      <AlbumAnnouncer isRunning={isRunning} done={record.count - record.waiting} counts={counts} />
      {exporting && (
        <AlbumExportDialog
          album={album}
          snapshot={snapshot}
          duplicates={duplicates}
          onClose={() => setExporting(false)}
        />
      )}
    </section>
  );
}

/** Takes the focus to the list when it is opened, and back to the row of the picture that was looked at. */
function useReturn(opened: string | null): RefObject<HTMLElement | null> {
  const section = useRef<HTMLElement>(null);
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (opened === null) {
      const row = before.current === null ? null : `[data-key="${CSS.escape(before.current)}"]`;
      const target = row === null ? null : section.current?.querySelector<HTMLElement>(row);
      (target ?? section.current)?.focus();
    }
    before.current = opened;
  }, [opened]);
  return section;
}
