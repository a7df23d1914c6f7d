import { useTranslation } from 'react-i18next';
import { Button, FileTrigger, Input, TextField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import { formatNumber, languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { PickOne } from '../shared/PickOne.tsx';
import { UndoButtons } from '../shared/UndoButtons.tsx';
import { useVia } from '../shared/useVia.ts';
import { targetLanguages } from '../useModels.ts';
import { CAPTION_LANGUAGE } from './exportAlbum.ts';
import type { AlbumSnapshot, OpenAlbum } from './openAlbum.ts';
import { FILTERS, ORDERS, type PictureFilter, type PictureOrder } from './pictureFilters.ts';
import { pickedFiles, type ChosenFile } from '../shared/chosenFiles.ts';
import { PICTURE_FILES } from './pictureFiles.ts';
import { translateInto } from './useAlbumTranslation.ts';

interface Props {
  album: OpenAlbum;
  snapshot: AlbumSnapshot;
  counts: Record<PictureFilter, number>;
  filter: PictureFilter;
  order: PictureOrder;
  onFilter: (filter: PictureFilter) => void;
  onOrder: (order: PictureOrder) => void;
  onFiles: (files: ChosenFile[]) => void;
  onExport: () => void;
  onClose: () => void;
}

/** What an album is called, what can be done with all of it, and which of it is shown. */
export function AlbumBar(props: Props) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const { album, snapshot, counts, filter, order } = props;
  const { record, canUndo, canRedo } = snapshot;
  const targets = targetLanguages(models.list ?? [], CAPTION_LANGUAGE);
  const via = useVia();
  const own = languageName(CAPTION_LANGUAGE, i18n.language);
  const offered = FILTERS.filter((each) => each === 'all' || each === filter || counts[each] > 0);
  return (
    <header className="work-bar">
      <div className="work-head">
        <IconButton icon="back" label={t('albums.back')} onPress={props.onClose} />
        <TextField
          className="work-name"
          aria-label={t('transcript.name')}
          value={record.title}
          onChange={(title) => album.change({ title })}
        >
          <Input />
        </TextField>
        <Button className="button primary" onPress={props.onExport} isDisabled={record.preview === ''}>
          <Icon name="save" size={18} />
          {t('export.open')}
        </Button>
      </div>
      <div className="work-tools">
        <FileTrigger
          acceptedFileTypes={PICTURE_FILES}
          allowsMultiple
          onSelect={(files) => files && props.onFiles(pickedFiles(files))}
        >
          <IconButton icon="plus" label={t('album.add')} />
        </FileTrigger>
        <UndoButtons canUndo={canUndo} canRedo={canRedo} undo={() => album.undo()} redo={() => album.redo()} />
        {targets.length > 0 && (
          <PickOne
            label={t('home.translate')}
            labelHidden
            value={record.to ?? ''}
            options={[
              { id: '', label: own },
              ...targets.map((id) => ({
                id,
                label: `${own} → ${languageName(id, i18n.language)}${via(CAPTION_LANGUAGE, id)}`,
              })),
            ]}
            onChange={(id) => translateInto(album, id === '' ? null : id)}
          />
        )}
        <PickOne
          label={t('album.order')}
          labelHidden
          value={order}
          options={ORDERS.map((id) => ({ id, label: t(`album.orders.${id}`) }))}
          onChange={(id) => {
            const next = ORDERS.find((each) => each === id);
            if (next) props.onOrder(next);
          }}
        />
      </div>
      <ToggleButtonGroup
        className="filters"
        aria-label={t('album.show')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[filter]}
        onSelectionChange={(keys) => {
          const next = FILTERS.find((each) => keys.has(each));
          if (next) props.onFilter(next);
        }}
      >
        {offered.map((each) => (
          <ToggleButton key={each} id={each} className={`button filter filter-${each}`}>
            {t(`album.filters.${each}`)}
            <span className="filter-count">{formatNumber(counts[each], i18n.language)}</span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </header>
  );
}
