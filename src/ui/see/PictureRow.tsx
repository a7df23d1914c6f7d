import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Picture } from '../../library/pictureTypes.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { AltTextField } from './AltTextField.tsx';
import { BlobImage } from './BlobImage.tsx';
import { LONGEST_ALT } from './captionText.ts';
import { isEdited } from './exportAlbum.ts';
import { FailureText } from './FailureText.tsx';
import { isTooLong, needsReview } from './pictureFilters.ts';
import { usePictureRows } from './pictureRows.ts';
import { TrustMark } from './TrustMark.tsx';
import type { EditedText } from './useTextEditing.ts';

/** A picture of an album: small, with its text, what is to be known of it, and what can be done. */
export function PictureRow({ picture }: { picture: Picture }) {
  const { t } = useTranslation();
  const { album, to, atWork, edit, open, remove, retry } = usePictureRows();
  const { id, path, state, decorative, text } = picture;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const thumbnail = album.thumbnail(id);
  return (
    <>
      <Button
        className={`button row-picture${atWork.has(id) ? ' at-work' : ''}`}
        aria-label={t('album.open', { name })}
        onPress={() => open(id)}
      >
        {thumbnail ? <BlobImage blob={thumbnail} alt="" /> : <Icon name="picture" size={26} />}
      </Button>
      <div className="row-texts">
        <RowText picture={picture} field="text" />
        {to !== null && !decorative && text !== '' && <RowText picture={picture} field="translation" />}
        <RowNotes picture={picture} />
      </div>
      <div className="row-actions">
        {needsReview(picture) && (
          <IconButton icon="check" label={t('album.right', { name })} onPress={() => edit(id, { reviewed: true })} />
        )}
        {state === 'failed' && (
          <IconButton icon="history" label={t('album.retry', { name })} onPress={() => retry(id)} />
        )}
        <IconButton
          icon="unseen"
          label={t(decorative ? 'album.notDecorative' : 'album.decorative', { name })}
          onPress={() => edit(id, { decorative: !decorative })}
        />
        <IconButton icon="trash" label={t('album.remove', { name })} onPress={() => remove(id)} />
      </div>
    </>
  );
}

/** One of its texts: a click opens it for editing in its place. */
function RowText({ picture, field }: { picture: Picture; field: EditedText['field'] }) {
  const { t } = useTranslation();
  const { editing, begin, type, done, cancel, to, atWork, missing } = usePictureRows();
  const { id, path, state, decorative, failure } = picture;
  const text = picture[field];
  const lang = field === 'text' ? 'en' : (to ?? 'en');
  const label = t(field === 'text' ? 'album.edit' : 'album.editTranslation', {
    name: path.slice(path.lastIndexOf('/') + 1),
  });
  if (editing?.picture === id && editing.field === field) {
    return <AltTextField label={label} lang={lang} value={text} onType={type} onDone={done} onCancel={cancel} />;
  }
  if (field === 'text' && text === '') {
    if (decorative) return <p className="quiet row-waiting">{t('album.isDecorative')}</p>;
    if (state === 'waiting') {
      const doing = atWork.has(id) ? 'see.looking' : missing.has(id) ? 'album.missing' : 'files.waiting';
      return <p className="quiet row-waiting">{t(doing)}</p>;
    }
    if (failure) {
      return (
        <p className="row-failure">
          <FailureText failure={failure} />
        </p>
      );
    }
  }
  return (
    <Button
      className={`button row-text row-${field}${decorative ? ' is-decorative' : ''}`}
      aria-label={`${label}: ${text}`}
      onPress={() => begin({ picture: id, field })}
    >
      <span lang={lang}>{text === '' ? '…' : text}</span>
    </Button>
  );
}

/** What is to be known of it, in a line. */
function RowNotes({ picture }: { picture: Picture }) {
  const { t } = useTranslation();
  const { duplicates } = usePictureRows();
  const { id, path, caption, reviewed, decorative, text } = picture;
  const duplicate = duplicates.get(id);
  return (
    <p className="row-notes">
      <span className="row-path">{path}</span>
      {caption && !reviewed && !isEdited(picture) && !decorative && <TrustMark caption={caption} size={15} />}
      {isEdited(picture) && <span>{t('alt.edited')}</span>}
      {isTooLong(picture) && (
        <span className="amber">{t('alt.tooLong', { count: text.length, most: LONGEST_ALT })}</span>
      )}
      {duplicate && (
        <span className="amber">{t(duplicate.exact ? 'album.same' : 'album.alike', { name: duplicate.of.path })}</span>
      )}
      {decorative && text !== '' && <span>{t('album.isDecorative')}</span>}
    </p>
  );
}
