import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { htmlImage, markdownImage } from '../../formats/altText/imageTags.ts';
import type { Picture } from '../../library/pictureTypes.ts';
import { Icon, type IconName } from '../shared/Icon.tsx';
import { useCopy } from '../shared/useCopy.ts';
import { altOf, type ExportText } from './exportAlbum.ts';

/** Names that are the same in every language. */
const NAMES: Record<string, string> = { html: 'HTML', markdown: 'Markdown' };

/** Takes a picture's text along: as it is, as an HTML image, as Markdown. */
export function CopyButtons({ picture, text }: { picture: Picture; text: ExportText }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(t('export.copied'));
  const alt = altOf(picture, text);
  const { path, size } = picture;
  // A page rarely lies beside the folder that was dropped: the name alone is what it will be told by.
  const name = path.slice(path.lastIndexOf('/') + 1);
  const described = { path: name, alt, size };
  const ways: { id: 'text' | 'html' | 'markdown'; icon: IconName; content: string }[] = [
    ...(alt === '' ? [] : [{ id: 'text', icon: 'copy', content: alt } as const]),
    { id: 'html', icon: 'code', content: htmlImage(described) },
    { id: 'markdown', icon: 'document', content: markdownImage(described) },
  ];
  return (
    <div className="copy-buttons">
      {ways.map(({ id, icon, content }) => (
        <Button key={id} className="button" onPress={() => void copy(content)}>
          <Icon name={copied === content ? 'check' : icon} size={18} />
          {NAMES[id] ?? t('target.copy')}
        </Button>
      ))}
    </div>
  );
}
