import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Picture } from '../../library/pictureTypes.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { InstallationNote } from '../shared/InstallationNote.tsx';
import { useEditorKeys } from '../shared/useEditorKeys.ts';
import type { Installation } from '../shared/useInstallation.ts';
import { UndoButtons } from '../shared/UndoButtons.tsx';
import { CaptionStatus } from './CaptionStatus.tsx';
import { CaptionText } from './CaptionText.tsx';
import { type ModelChoice, ModelPick } from '../shared/ModelPick.tsx';
import type { OpenAlbum } from './openAlbum.ts';
import { OtherCaptions } from './OtherCaptions.tsx';
import { PictureStage } from './PictureStage.tsx';
import { TagList } from './TagList.tsx';
import { TextTranslation } from './TextTranslation.tsx';
import type { Captioning } from './useCaptioning.ts';
import { useOpenAlbum } from './useOpenAlbum.ts';
import { useTextEditing } from './useTextEditing.ts';

interface Props {
  album: OpenAlbum;
  picture: Picture;
  captioning: Captioning;
  installation: Installation;
  modelChoice: ModelChoice;
  isShown: () => boolean;
  /** To another picture of the album; null: there is none in that direction. */
  onMove: { before: (() => void) | null; after: (() => void) | null };
  /** What Back leads to. */
  backLabel: string;
  onClose: () => void;
}

/** One picture: what is seen in it, where the model looked, and everything that can be done with the text. */
export function PictureView(props: Props) {
  const { t } = useTranslation();
  const { album, picture, captioning, installation, modelChoice, onMove, onClose } = props;
  const { id, caption, path } = picture;
  const { missing, record, canUndo, canRedo } = useOpenAlbum(album);
  const editing = useTextEditing(album);
  const [attention, setAttention] = useState<Float32Array | null>(null);
  const file = usePicture(album, id, missing.has(id));
  const { model } = modelChoice;
  const heading = useRef<HTMLHeadingElement>(null);
  const isSmall = missing.has(id);
  const size = picture.size ?? { width: 4, height: 3 };
  const name = path.slice(path.lastIndexOf('/') + 1);
  useEffect(() => heading.current?.focus(), [id]);
  useEditorKeys({ undo: () => album.undo(), redo: () => album.redo() }, props.isShown);
  const waits = captioning.running !== record.id && captioning.waiting.includes(record.id);
  const again = (): void => {
    album.again(id);
    captioning.start(album, true);
  };
  const status = (
    <CaptionStatus
      picture={picture}
      now={captioning.atWork.get(id) ?? null}
      queued={captioning.running === record.id || waits}
      loading={captioning.running === record.id ? captioning.loading : null}
      failure={captioning.failures[record.id] ?? null}
      isMissing={isSmall}
      onStop={() => captioning.stop(record.id)}
      onStart={() => captioning.start(album, true)}
      onRetry={again}
    />
  );

  return (
    <section className="sheet picture-view" aria-label={name}>
      <header className="work-bar">
        <div className="work-head">
          <IconButton icon="back" label={props.backLabel} onPress={onClose} />
          <h2 ref={heading} className="picture-name" tabIndex={-1}>
            {name}
          </h2>
          {onMove.before !== null || onMove.after !== null ? (
            <>
              <IconButton
                icon="back"
                label={t('alt.before')}
                isDisabled={onMove.before === null}
                onPress={() => onMove.before?.()}
              />
              <IconButton
                icon="next"
                label={t('alt.after')}
                isDisabled={onMove.after === null}
                onPress={() => onMove.after?.()}
              />
            </>
          ) : null}
          <UndoButtons canUndo={canUndo} canRedo={canRedo} undo={() => album.undo()} redo={() => album.redo()} />
        </div>
      </header>
      <div className="picture-body">
        <PictureStage
          picture={file ?? album.thumbnail(id)}
          alt={picture.text || name}
          size={size}
          attention={attention}
          grid={caption?.grid ?? [1, 1]}
        />
        <div className="picture-words">
          {waits && installation.state !== 'installed' && model ? (
            <InstallationNote model={model} installation={installation} />
          ) : (
            status
          )}
          {(picture.state === 'done' || picture.text !== '') && (
            <>
              <CaptionText
                picture={picture}
                album={album}
                editing={editing}
                onLook={(word) => setAttention(word?.attention ?? null)}
              />
              <TextTranslation album={album} picture={picture} editing={editing} />
              {caption && caption.alternatives.length > 0 && (
                <OtherCaptions
                  caption={caption}
                  text={picture.text}
                  onPick={(text) => album.edit(id, { text, reviewed: true })}
                />
              )}
              {caption && caption.tags.length > 0 && <TagList tags={caption.tags} />}
            </>
          )}
          <ModelPick
            label={t('see.model')}
            {...modelChoice}
            choose={(chosen) => {
              modelChoice.choose(chosen);
              if (!isSmall) again();
            }}
          />
          {isSmall && picture.state !== 'waiting' && (
            <p className="quiet size-note">
              <Icon name="picture" size={18} />
              {t('alt.smallOnly')}
            </p>
          )}
        </div>
      </div>
      <Announcer picture={picture} />
      {onMove.after !== null && (
        <div className="picture-foot">
          <Button className="button" onPress={onMove.after}>
            {t('alt.after')}
            <Icon name="next" size={18} />
          </Button>
        </div>
      )}
    </section>
  );
}

/** Tells a caption that came while it was waited for, once. */
function Announcer({ picture: { id, state, caption, text } }: { picture: Picture }) {
  const { t } = useTranslation();
  const [awaited, setAwaited] = useState<string | null>(null);
  if (state === 'waiting' && awaited !== id) setAwaited(id);
  const said = awaited === id && state === 'done' && caption ? caption : null;
  return (
    <p className="visually-hidden" role="status" lang="en" data-testid="announcer">
      {said && `${text} ${said.unsure ? t('alt.trust.unsure') : ''}`}
    </p>
  );
}

/** The picture itself; null while it is read, and where only the small copy is left. */
function usePicture(album: OpenAlbum, id: string, missing: boolean): Blob | null {
  const [read, setRead] = useState<{ id: string; file: Blob | null } | null>(null);
  useEffect(() => {
    let gone = false;
    const show = (file: Blob | null): void => {
      if (!gone) setRead({ id, file });
    };
    album.file(id).then(show, () => show(null));
    return () => {
      gone = true;
    };
  }, [album, id, missing]);
  return read?.id === id ? read.file : null;
}
