import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, SwitchButton, SwitchField } from 'react-aria-components';
import type { Picture } from '../../library/pictureTypes.ts';
import type { CaptionWord } from '../../protocol/types.ts';
import { Icon } from '../shared/Icon.tsx';
import { AltTextField } from './AltTextField.tsx';
import { CaptionWords } from './CaptionWords.tsx';
import { CopyButtons } from './CopyButtons.tsx';
import { isEdited } from './exportAlbum.ts';
import { LONGEST_ALT } from './captionText.ts';
import type { OpenAlbum } from './openAlbum.ts';
import { TrustMark } from './TrustMark.tsx';
import type { TextEditing } from './useTextEditing.ts';

interface Props {
  album: OpenAlbum;
  picture: Picture;
  editing: TextEditing;
  onLook: (word: CaptionWord | null) => void;
}

/** The text of a picture: to read word by word, to edit in its place, to copy. */
export function CaptionText({ album, picture, editing, onLook }: Props) {
  const { t } = useTranslation();
  const { id, caption, text, decorative } = picture;
  const isOpen = editing.now?.picture === id && editing.now.field === 'text';
  const edit = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    // Back to where the editor was opened from, unless the reader went elsewhere.
    if (wasOpen.current && !isOpen && document.activeElement === document.body) edit.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  const open = (): void => {
    onLook(null);
    editing.begin({ picture: id, field: 'text' });
  };
  return (
    <section className="caption-text" aria-labelledby="caption-heading">
      <h3 id="caption-heading" className="visually-hidden">
        {t('alt.label')}
      </h3>
      <p className="caption-about">
        {caption && <TrustMark caption={caption} />}
        {isEdited(picture) && <span className="quiet">{t('alt.edited')}</span>}
        {text.length > LONGEST_ALT && (
          <span className="amber">{t('alt.tooLong', { count: text.length, most: LONGEST_ALT })}</span>
        )}
      </p>
      {isOpen ? (
        <AltTextField
          label={t('alt.label')}
          lang="en"
          value={text}
          onType={editing.type}
          onDone={editing.done}
          onCancel={editing.cancel}
        />
      ) : (
        <div className={decorative ? 'is-decorative' : undefined}>
          {text === '' ? (
            <p className="nothing">{t('alt.none')}</p>
          ) : (
            <CaptionWords key={id} text={text} caption={caption} onLook={onLook} onEdit={open} />
          )}
        </div>
      )}
      {caption && !isOpen && text !== '' && <p className="quiet look-hint">{t('alt.lookHint')}</p>}
      <div className="caption-actions">
        <Button ref={edit} className="button" onPress={open} isDisabled={isOpen}>
          <Icon name="pencil" size={18} />
          {t('alt.edit')}
        </Button>
        <CopyButtons picture={picture} text="original" />
      </div>
      <SwitchField isSelected={decorative} onChange={(next) => album.edit(id, { decorative: next })}>
        <SwitchButton className="switch">
          <span className="switch-track" />
          {t('alt.decorative')}
        </SwitchButton>
      </SwitchField>
      {decorative && <p className="quiet">{t('alt.decorativeNote')}</p>}
    </section>
  );
}
