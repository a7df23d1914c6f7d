import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Caption } from '../../protocol/types.ts';
import { Icon } from '../shared/Icon.tsx';
import { asSentence } from './captionText.ts';

interface Props {
  caption: Caption;
  /** The text as it stands. */
  text: string;
  onPick: (text: string) => void;
}

/** What the model could have said instead: one click makes it the text. */
export function OtherCaptions({ caption, text, onPick }: Props) {
  const { t } = useTranslation();
  const texts = [...new Set([caption.text, ...caption.alternatives.map((other) => other.text)].map(asSentence))];
  return (
    <section className="other-captions" aria-labelledby="other-captions">
      <h3 id="other-captions">{t('alternatives.title')}</h3>
      <ul>
        {texts.map((other) => (
          <li key={other}>
            <Button className="button other-caption" aria-pressed={other === text} onPress={() => onPick(other)}>
              <span lang="en">{other}</span>
              {other === text && <Icon name="check" size={18} />}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
