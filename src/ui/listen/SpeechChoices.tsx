import { useTranslation } from 'react-i18next';
import { SwitchButton, SwitchField } from 'react-aria-components';
import { ModelPick } from '../shared/ModelPick.tsx';
import { PickOne } from '../shared/PickOne.tsx';
import { languageOptions } from './languageOptions.ts';
import type { SpeechChoice } from './speechChoice.ts';
import type { Listening } from './useListening.ts';

interface Props {
  speech: SpeechChoice;
  listening: Listening;
}

/** Which model listens, to which language, and whether it translates: only where there is something to choose. */
export function SpeechChoices({ speech, listening: { choices, choose } }: Props) {
  const { t, i18n } = useTranslation();
  const { offered, model, languages, spoken, canTranslate } = speech;
  if (offered.length < 2 && languages.length === 0) return null;
  return (
    <div className="speech-choices" role="group" aria-label={t('spoken.choices')}>
      <ModelPick
        label={t('spoken.model')}
        offered={offered}
        model={model}
        choose={(id) => choose({ speechModel: id })}
      />
      {languages.length > 0 && (
        <PickOne
          label={t('spoken.language')}
          value={spoken ?? ''}
          options={[{ id: '', label: t('spoken.detect') }, ...languageOptions(languages, i18n.language)]}
          onChange={(id) => choose({ spoken: id === '' ? null : id })}
        />
      )}
      {canTranslate && (
        <SwitchField isSelected={choices.intoEnglish} onChange={(intoEnglish) => choose({ intoEnglish })}>
          <SwitchButton className="switch">
            <span className="switch-track" />
            {t('spoken.intoEnglish')}
          </SwitchButton>
        </SwitchField>
      )}
    </div>
  );
}
