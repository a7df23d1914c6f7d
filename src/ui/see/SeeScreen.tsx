import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlbumRecord } from '../../library/pictureTypes.ts';
import { useDesk } from '../DeskContext.tsx';
import { useGivenFiles } from '../given/useGivenFiles.ts';
import { DropZone } from '../shared/DropZone.tsx';
import { formatNumber } from '../shared/format.ts';
import { useKeepOrTell, useNotify } from '../shared/Notice.tsx';
import { RanWhere, StatusLine } from '../shared/StatusLine.tsx';
import { useInstallation } from '../shared/useInstallation.ts';
import type { ScreenProps } from '../shell/screen.ts';
import { useSettings } from '../SettingsContext.tsx';
import { captionModels } from '../useModels.ts';
import { AlbumList } from './AlbumList.tsx';
import { AlbumView } from './AlbumView.tsx';
import type { Example } from './examples.ts';
import type { OpenAlbum } from './openAlbum.ts';
import { pickedFiles, type ChosenFile } from '../shared/chosenFiles.ts';
import { folderOf, isPictureFile } from './pictureFiles.ts';
import { PictureView } from './PictureView.tsx';
import { SeeHome } from './SeeHome.tsx';
import { useAlbums } from './useAlbums.ts';
import { useCaptioning } from './useCaptioning.ts';
import { useCaptionWarmUp } from './useCaptionWarmUp.ts';
import { useOpenAlbum } from './useOpenAlbum.ts';
import { usePastedFiles } from './usePastedFiles.ts';
import { useSeeing } from './useSeeing.ts';
import '../shared/panel.css';
import '../shared/work.css';
import './see.css';
import './picture.css';
import './album.css';

/** The captioner: one picture or many, and everything that was captioned before. */
export default function SeeScreen({ isShown }: ScreenProps) {
  const { t, i18n } = useTranslation();
  const notify = useNotify();
  const keepOrTell = useKeepOrTell();
  const { settings } = useSettings();
  const { models } = useDesk();
  const seeing = useSeeing();
  const albums = useAlbums();
  const [shown, setShown] = useState<{ album: OpenAlbum; picture: string | null } | null>(null);

  const offered = captionModels(models.list ?? []);
  const model = offered.find(({ id }) => id === seeing.choices.model) ?? offered[0];
  const ready = model?.state === 'installed';
  const captioning = useCaptioning(ready, model?.id, settings.provider);
  const wanted = captioning.waiting.length > 0;
  const installation = useInstallation(model, isShown && wanted, models.refresh);
  useCaptionWarmUp(ready && isShown, model?.id, settings.provider);

  const { refresh } = albums;
  useEffect(() => {
    if (shown === null) refresh();
  }, [shown, refresh, captioning.running]);

  const addTo = (album: OpenAlbum, files: ChosenFile[]): void => {
    album.add(files);
    captioning.start(album, album.snapshot().pictures.length === 1);
  };
  const openFiles = (given: ChosenFile[]): void => {
    const files = given.filter(({ file }) => isPictureFile(file));
    const others = given.length - files.length;
    if (files.length === 0) {
      if (others > 0) notify(t('see.noPictures', { count: others }));
      return;
    }
    if (others > 0) notify(t('see.leftOut', { count: others }));
    const { album } = shown ?? {};
    if (album && (album.snapshot().pictures.length > 1 || files.some((file) => album.lacks(file)))) {
      addTo(album, files);
      return;
    }
    const [first] = files;
    const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
    const title =
      files.length === 1 && first
        ? first.file.name
        : (folderOf(files) ?? t('albums.untitled', { date: date.format() }));
    const created = albums.create(title);
    addTo(created, files);
    setShown({ album: created, picture: files.length === 1 ? (created.snapshot().pictures[0]?.id ?? null) : null });
  };
  const openExample = async ({ id, url }: Example): Promise<void> => {
    try {
      const picture = await (await fetch(url)).blob();
      const file = new File([picture], `${t(`see.examples.${id}`)}.webp`, { type: 'image/webp' });
      openFiles([{ file, path: file.name }]);
    } catch {
      notify(t('home.exampleFailed'));
    }
  };
  usePastedFiles(openFiles, isShown);
  useGivenFiles('see', (files) => openFiles(pickedFiles(files)));

  const openRecord = async (record: AlbumRecord): Promise<void> => {
    const album = await albums.open(record);
    const { pictures } = album.snapshot();
    setShown({ album, picture: pictures.length === 1 ? (pictures[0]?.id ?? null) : null });
  };
  const modelChoice = { offered, model, choose: (id: string) => seeing.choose({ model: id }) };
  const { ran } = captioning;
  const common = { captioning, installation, modelChoice, isShown: () => isShown };
  return (
    <DropZone className="see-screen" label={t('see.dropHere')} onFiles={openFiles}>
      {shown ? (
        <ShownAlbum
          key={shown.album.id}
          {...common}
          album={shown.album}
          picture={shown.picture}
          onPicture={(picture) => setShown({ album: shown.album, picture })}
          onFiles={openFiles}
          onClose={() => setShown(null)}
        />
      ) : (
        <>
          <SeeHome
            model={model}
            installation={installation}
            wanted={wanted}
            seeing={seeing}
            onFiles={openFiles}
            onExample={(example) => void openExample(example)}
          />
          {albums.records && albums.records.length > 0 && (
            <AlbumList
              records={albums.records}
              captioning={captioning}
              onOpen={(record) => keepOrTell(openRecord(record))}
              onRemove={(record) => {
                // Or what waits in it would be captioned, and written again.
                captioning.stop(record.id);
                keepOrTell(albums.remove(record));
              }}
            />
          )}
        </>
      )}
      <StatusLine promise={t('network.linePictures')}>
        {ran && (
          <span data-testid="ran">
            {t('ran.ms', { ms: formatNumber(ran.ms, i18n.language) })} · <RanWhere ran={ran} /> · {ran.model}
          </span>
        )}
      </StatusLine>
    </DropZone>
  );
}

type ShownAlbumProps = Omit<Parameters<typeof AlbumView>[0], 'opened' | 'onOpen'> & {
  picture: string | null;
  onPicture: (picture: string | null) => void;
};

/** An album: as a list, or one of its pictures; an album of one is that picture. */
function ShownAlbum({ picture, onPicture, ...props }: ShownAlbumProps) {
  const { t } = useTranslation();
  const { album, onClose } = props;
  const { pictures } = useOpenAlbum(album);
  const index = pictures.findIndex(({ id }) => id === picture);
  const open = pictures[index];
  const isOne = pictures.length === 1 && open !== undefined;
  const step = (by: 1 | -1): (() => void) | null => {
    const other = pictures[index + by];
    return other ? () => onPicture(other.id) : null;
  };
  return (
    <>
      {!isOne && (
        // A list keeps its place while one of its pictures is looked at.
        <div hidden={open !== undefined}>
          <AlbumView
            {...props}
            isShown={() => props.isShown() && open === undefined}
            opened={open?.id ?? null}
            onOpen={onPicture}
          />
        </div>
      )}
      {open && (
        <PictureView
          {...props}
          picture={open}
          onMove={{ before: step(-1), after: step(1) }}
          backLabel={isOne ? t('albums.back') : t('alt.back')}
          onClose={isOne ? onClose : () => onPicture(null)}
        />
      )}
    </>
  );
}
