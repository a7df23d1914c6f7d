import { useTranslation } from 'react-i18next';
import { Button, FileTrigger, SwitchButton, SwitchField } from 'react-aria-components';
import { canRecord } from '../../capture/recorder.ts';
import { canShareTab } from '../../capture/tabAudio.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { formatBytes, languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { InstallationNote } from '../shared/InstallationNote.tsx';
import { PickOne } from '../shared/PickOne.tsx';
import { useDevices } from '../shared/useDevices.ts';
import { useVia } from '../shared/useVia.ts';
import type { Installation } from '../shared/useInstallation.ts';
import { MEDIA_FILES, SUBTITLE_FILES } from './listenFiles.ts';
import { LiveFailureText } from './LiveFailureText.tsx';
import type { SpeechChoice } from './speechChoice.ts';
import { SpeechChoices } from './SpeechChoices.tsx';
import type { Live } from './useLive.ts';
import type { Listening } from './useListening.ts';

interface Props {
  /** What listening needs: the model that hears, and the one that translates if that was chosen. */
  models: { model: ModelInfo | undefined; installation: Installation }[];
  /** Whether something waits for the model. */
  wanted: boolean;
  live: Live;
  speech: SpeechChoice;
  listening: Listening;
  /** The languages that what is heard can be translated into. */
  targets: string[];
  /** What is heard. */
  language: string;
  onStart: (origin: 'microphone' | 'tab') => void;
  onFiles: (files: File[]) => void;
  onExample: () => void;
}

/** Where listening begins: the microphone, a tab, or a file. */
export function HomeView(props: Props) {
  const { models, wanted, live, speech, listening, targets, language, onStart, onFiles, onExample } = props;
  const { t, i18n } = useTranslation();
  const { choices, choose } = listening;
  const via = useVia();
  const microphones = useDevices('audioinput', choices.microphone, t('home.anyMicrophone'));
  const missing = models.flatMap(({ model, installation }) =>
    model && installation.state !== 'installed' ? [{ model, installation }] : [],
  );
  const bytes = missing.reduce((sum, { model }) => sum + model.downloadBytes - model.storedBytes, 0);
  const told = missing.filter(({ installation: { state } }) => wanted || state === 'fetching' || state === 'failed');
  return (
    <div className="sheet">
      <SpeechChoices speech={speech} listening={listening} />
      <div className="ways">
        <section className="way" aria-labelledby="way-live">
          <h2 id="way-live">{t('home.live')}</h2>
          <p className="way-lead">{t('home.liveLead')}</p>
          <div className="way-actions">
            <Button className="button primary big" isDisabled={live.opening} onPress={() => onStart('microphone')}>
              <Icon name="microphone" />
              {t('home.microphone')}
            </Button>
            {canShareTab() && (
              <Button className="button big" isDisabled={live.opening} onPress={() => onStart('tab')}>
                <Icon name="tab" />
                {t('home.tab')}
              </Button>
            )}
          </div>
          {live.failure && (
            <p className="note" role="alert">
              <LiveFailureText failure={live.failure} />
            </p>
          )}
          <div className="way-choices">
            {microphones.list.length > 1 && (
              <PickOne
                label={t('home.whichMicrophone')}
                value={microphones.chosen}
                options={microphones.list}
                onChange={(id) => choose({ microphone: id === '' ? null : id })}
              />
            )}
            {targets.length > 0 && (
              <PickOne
                label={t('home.translate')}
                value={choices.translateTo !== null && targets.includes(choices.translateTo) ? choices.translateTo : ''}
                options={[
                  { id: '', label: t('home.noTranslation') },
                  ...targets.map((id) => ({ id, label: languageName(id, i18n.language) + via(language, id) })),
                ]}
                onChange={(id) => choose({ translateTo: id === '' ? null : id })}
              />
            )}
            {canRecord() && (
              <SwitchField isSelected={choices.keepRecording} onChange={(keepRecording) => choose({ keepRecording })}>
                <SwitchButton className="switch">
                  <span className="switch-track" />
                  {t('home.keepRecording')}
                </SwitchButton>
              </SwitchField>
            )}
          </div>
        </section>
        <section className="way" aria-labelledby="way-file">
          <h2 id="way-file">{t('home.file')}</h2>
          <p className="way-lead">{t('home.fileLead')}</p>
          <div className="file-target">
            <FileTrigger
              acceptedFileTypes={[...MEDIA_FILES, ...SUBTITLE_FILES]}
              allowsMultiple
              onSelect={(files) => files && onFiles([...files])}
            >
              <Button className="button big">
                <Icon name="open" />
                {t('home.choose')}
              </Button>
            </FileTrigger>
            <p className="quiet">{t('home.drop')}</p>
          </div>
          <Button className="button example" onPress={onExample}>
            <span className="example-label">{t('empty.example')}</span>
            <span className="example-text">{t('home.example')}</span>
          </Button>
          <ul className="hints">
            <li>{t('home.kinds')}</li>
            <li>{t('home.subtitles')}</li>
          </ul>
        </section>
      </div>
      {missing.length > 0 && (
        <div className="model-line">
          {told.map(({ model, installation }) => (
            <InstallationNote key={model.id} model={model} installation={installation} />
          ))}
          {told.length === 0 && (
            <p className="size-note">
              <Icon name="save" size={18} />
              {t('home.size', { size: formatBytes(bytes, i18n.language) })}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
