import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, FileTrigger } from 'react-aria-components';
import { hasCameras } from '../../capture/camera.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { formatBytes } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { InstallationNote } from '../shared/InstallationNote.tsx';
import type { Installation } from '../shared/useInstallation.ts';
import { CameraDialog } from './CameraDialog.tsx';
import { EXAMPLES, type Example } from './examples.ts';
import { pickedFiles, type ChosenFile } from '../shared/chosenFiles.ts';
import { PICTURE_FILES } from './pictureFiles.ts';
import type { Seeing } from './useSeeing.ts';

interface Props {
  model: ModelInfo | undefined;
  installation: Installation;
  /** Whether something waits for the model. */
  wanted: boolean;
  seeing: Seeing;
  onFiles: (files: ChosenFile[]) => void;
  onExample: (example: Example) => void;
}

/** A phone's own camera is better than what it gives to pages. */
const isHandheld = (): boolean => matchMedia('(pointer: coarse) and (hover: none)').matches;

/** Where seeing begins: a picture, a folder, the camera, or an example. */
export function SeeHome({ model, installation, wanted, seeing, onFiles, onExample }: Props) {
  const { t, i18n } = useTranslation();
  const [camera, setCamera] = useState(false);
  const take = (files: FileList | null): void => {
    if (files) onFiles(pickedFiles(files));
  };
  const missing = model && installation.state !== 'installed' ? model : null;
  const told = wanted || installation.state === 'fetching' || installation.state === 'failed';
  return (
    <div className="sheet">
      <div className="ways see-ways">
        <section className="way" aria-labelledby="way-pictures">
          <h2 id="way-pictures">{t('see.title')}</h2>
          <p className="way-lead">{t('see.lead')}</p>
          <div className="picture-target">
            <Icon name="picture" size={44} />
            <p>{t('see.drop')}</p>
            <div className="way-actions">
              <FileTrigger acceptedFileTypes={PICTURE_FILES} allowsMultiple onSelect={take}>
                <Button className="button primary big" autoFocus>
                  <Icon name="picture" />
                  {t('see.choose')}
                </Button>
              </FileTrigger>
              {!isHandheld() && (
                <FileTrigger acceptDirectory onSelect={take}>
                  <Button className="button big">
                    <Icon name="open" />
                    {t('see.folder')}
                  </Button>
                </FileTrigger>
              )}
              {isHandheld() ? (
                <FileTrigger acceptedFileTypes={['image/*']} defaultCamera="environment" onSelect={take}>
                  <Button className="button big">
                    <Icon name="camera" />
                    {t('see.photo')}
                  </Button>
                </FileTrigger>
              ) : (
                hasCameras() && (
                  <Button className="button big" onPress={() => setCamera(true)}>
                    <Icon name="camera" />
                    {t('see.camera')}
                  </Button>
                )
              )}
            </div>
          </div>
          <ul className="hints">
            <li>{t('see.kinds')}</li>
            <li>{t('see.many')}</li>
          </ul>
        </section>
        <section className="way" aria-labelledby="way-examples">
          <h2 id="way-examples">{t('empty.example')}</h2>
          <p className="way-lead">{t('see.examplesLead')}</p>
          <ul className="examples">
            {EXAMPLES.map((example) => (
              <li key={example.id}>
                <Button
                  className="button example-picture"
                  aria-label={t(`see.examples.${example.id}`)}
                  onPress={() => onExample(example)}
                >
                  <img src={example.url} alt="" width={example.width} height={example.height} />
                </Button>
              </li>
            ))}
          </ul>
          <p className="quiet">{t('see.honest')}</p>
        </section>
      </div>
      {missing && (
        <div className="model-line">
          {told ? (
            <InstallationNote model={missing} installation={installation} />
          ) : (
            <p className="size-note">
              <Icon name="save" size={18} />
              {t('home.size', { size: formatBytes(missing.downloadBytes - missing.storedBytes, i18n.language) })}
            </p>
          )}
        </div>
      )}
      {camera && (
        <CameraDialog
          seeing={seeing}
          onTake={(file) => {
            setCamera(false);
            onFiles([{ file, path: file.name }]);
          }}
          onClose={() => setCamera(false)}
        />
      )}
    </div>
  );
}
