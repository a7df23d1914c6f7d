import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { ModelInfo } from '../../protocol/types.ts';
import { directionName, formatBytes } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';

/** A sentence in each language that shows what the page can do: a number, a name, and a word with several renderings. */
const EXAMPLES: Record<string, string> = {
  en: 'The library opens at nine, but Dr. Almeida asked us to come at 8:45. Bring the letter you found in the old house, and we will read it together.',
  pt: 'A biblioteca abre às nove, mas a Dra. Almeida pediu-nos que chegássemos às 8:45. Traga a carta que encontrou na casa velha, e vamos lê-la juntos.',
};

interface Props {
  /** Which language the example is in. */
  language: string;
  /** The model that a translation would need; what it weighs is said before it is fetched. */
  model: ModelInfo | undefined;
  onExample: (text: string) => void;
}

/** An empty page teaches by an example one click away. */
export function EmptyTarget({ language, model, onExample }: Props) {
  const { t, i18n } = useTranslation();
  const example = EXAMPLES[language];
  return (
    <div className="empty-target">
      <p className="lead">{t('empty.lead')}</p>
      {example && (
        <Button className="button example" onPress={() => onExample(example)}>
          <span className="example-label">{t('empty.example')}</span>
          <span className="example-text" lang={language}>
            {example}
          </span>
        </Button>
      )}
      <ul className="hints">
        <li>{t('empty.hover')}</li>
        <li>{t('empty.click')}</li>
        <li>{t('empty.drop')}</li>
      </ul>
      {model && model.state !== 'installed' && (
        <p className="size-note">
          <Icon name="save" size={18} />
          {t('install.announce', {
            model: directionName(model, i18n.language),
            size: formatBytes(model.downloadBytes - model.storedBytes, i18n.language),
          })}
        </p>
      )}
    </div>
  );
}
