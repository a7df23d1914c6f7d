import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { languageName } from '../shared/format.ts';

interface Props {
  /** What the text is in, or looks like. */
  language: string;
  readable: string[];
  onChoose: (language: string) => void;
}

/** Says that no model reads this language, and offers those that can be read in case the guess was wrong. */
export function Unreadable({ language, readable, onChoose }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <div className="note">
      <p>{t('unreadable.text', { language: languageName(language, i18n.language) })}</p>
      <p className="note-actions">
        {readable.map((choice) => (
          <Button key={choice} className="button" onPress={() => onChoose(choice)}>
            {t('unreadable.choose', { language: languageName(choice, i18n.language) })}
          </Button>
        ))}
      </p>
    </div>
  );
}
