import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { readThumbnail } from '../../library/pictures.ts';
import type { AlbumRecord } from '../../library/pictureTypes.ts';
import { IconButton } from '../shared/IconButton.tsx';
import { BlobImage } from './BlobImage.tsx';
import type { Captioning } from './useCaptioning.ts';

interface Props {
  records: AlbumRecord[];
  captioning: Captioning;
  onOpen: (record: AlbumRecord) => void;
  onRemove: (record: AlbumRecord) => void;
}

/** Everything that was captioned on this device. */
export function AlbumList({ records, captioning, onOpen, onRemove }: Props) {
  const { t, i18n } = useTranslation();
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const stateOf = ({ id, waiting, count }: AlbumRecord): string | null => {
    if (waiting === 0) return null;
    if (id === captioning.running) return t('albums.running', { done: count - waiting, total: count });
    if (captioning.waiting.includes(id)) return t('files.waiting');
    return t('albums.stopped', { count: waiting });
  };
  return (
    <section className="shelf" aria-labelledby="albums">
      <h2 id="albums">{t('albums.title')}</h2>
      <p className="quiet">{t('albums.where')}</p>
      <ul className="entries">
        {records.map((record) => (
          <li key={record.id}>
            <Button className="button entry shelf-entry" onPress={() => onOpen(record)}>
              <Cover record={record} />
              <span className="shelf-about">
                <span className="shelf-title">{record.title}</span>
                <span className="entry-head">
                  <time dateTime={new Date(record.at).toISOString()}>{date.format(record.at)}</time>
                  {record.count > 1 && <span>{t('albums.count', { count: record.count })}</span>}
                  {stateOf(record) !== null && <span className="shelf-state">{stateOf(record)}</span>}
                </span>
                {record.preview !== '' && (
                  <span className="shelf-preview" lang="en">
                    {record.preview}
                  </span>
                )}
              </span>
            </Button>
            <IconButton
              icon="trash"
              label={t('albums.delete', { title: record.title })}
              isDisabled={record.id === captioning.running}
              onPress={() => onRemove(record)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cover({ record: { id, cover } }: { record: AlbumRecord }) {
  const [thumbnail, setThumbnail] = useState<Blob | null>(null);
  useEffect(() => {
    let gone = false;
    const show = (blob: Blob | null): void => {
      if (!gone) setThumbnail(blob);
    };
    if (cover !== null) void readThumbnail(id, cover).then(show, () => show(null));
    return () => {
      gone = true;
    };
  }, [id, cover]);
  return <span className="cover">{thumbnail && <BlobImage blob={thumbnail} alt="" />}</span>;
}
