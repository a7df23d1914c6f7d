import { useTranslation } from 'react-i18next';
import type { Tag } from '../../protocol/types.ts';

/** Fewer of the likeliest tell more than all of them. */
const MOST = 5;
const LEAST_PROBABILITY = 0.02;

/** What a classifier recognises in the picture, with how sure it is: beside the caption, to judge it by. */
export function TagList({ tags }: { tags: readonly Tag[] }) {
  const { t, i18n } = useTranslation();
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  const shown = tags.filter(({ probability }) => probability >= LEAST_PROBABILITY).slice(0, MOST);
  if (shown.length === 0) return null;
  return (
    <section className="tags" aria-labelledby="tags">
      <h3 id="tags">{t('alt.tags')}</h3>
      <ul>
        {shown.map(({ text, probability }) => (
          <li key={text} className="tag">
            <span lang="en">{text}</span>
            <span className="quiet">{percent.format(probability)}</span>
            <span className="tag-bar" style={{ width: `${probability * 100}%` }} />
          </li>
        ))}
      </ul>
    </section>
  );
}
