import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Picture } from '../../library/pictureTypes.ts';
import { useDesk } from '../DeskContext.tsx';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { targetLanguages } from '../useModels.ts';
import { AltTextField } from './AltTextField.tsx';
import { CopyButtons } from './CopyButtons.tsx';
import { CAPTION_LANGUAGE } from './exportAlbum.ts';
import type { OpenAlbum } from './openAlbum.ts';
import { TranslationStatus } from './TranslationStatus.tsx';
import { translateInto } from './useAlbumTranslation.ts';
import { useOpenAlbum } from './useOpenAlbum.ts';
import type { TextEditing } from './useTextEditing.ts';

interface Props {
  album: OpenAlbum;
  picture: Picture;
  editing: TextEditing;
}

/** The text in another language, one click away. */
export function TextTranslation({ album, picture, editing }: Props) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const snapshot = useOpenAlbum(album);
  const { to } = snapshot.record;
  const targets = targetLanguages(models.list ?? [], CAPTION_LANGUAGE);
  if (picture.decorative || (to === null && targets.length === 0)) return null;
  if (to === null) {
    return (
      <div className="translate-actions">
        {targets.map((target) => (
          <Button key={target} className="button" onPress={() => translateInto(album, target)}>
            <Icon name="translate" size={18} />
            {t('alt.translate', { language: languageName(target, i18n.language) })}
          </Button>
        ))}
      </div>
    );
  }
  const isOpen = editing.now?.picture === picture.id && editing.now.field === 'translation';
  return (
    <section className="text-translation" aria-labelledby="text-translation">
      <header>
        <h3 id="text-translation">{languageName(to, i18n.language)}</h3>
        <IconButton
          icon="pencil"
          label={t('alt.editTranslation')}
          isDisabled={isOpen || picture.translation === ''}
          onPress={() => editing.begin({ picture: picture.id, field: 'translation' })}
        />
        <IconButton icon="close" label={t('alt.noTranslation')} onPress={() => translateInto(album, null)} />
      </header>
      <TranslationStatus album={album} snapshot={snapshot} editing={editing.now?.picture ?? null} />
      {isOpen ? (
        <AltTextField
          label={languageName(to, i18n.language)}
          lang={to}
          value={picture.translation}
          onType={editing.type}
          onDone={editing.done}
          onCancel={editing.cancel}
        />
      ) : (
        <p className="translated-text" lang={to}>
          {picture.translation}
        </p>
      )}
      {picture.translation !== '' && <CopyButtons picture={picture} text="translation" />}
    </section>
  );
}
