import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { FileTrigger } from 'react-aria-components';
import { formatNumber } from '../shared/format.ts';
import { IconButton } from '../shared/IconButton.tsx';
import { useUndoableClear } from './useUndoableClear.ts';

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onChange: (text: string) => void;
  onFiles: (files: File[]) => Promise<void>;
}

/** Where the text is written, pasted or opened. */
export function TextPane({ field, text, onChange, onFiles }: Props) {
  const { t, i18n } = useTranslation();
  const clear = useUndoableClear(text, onChange);
  return (
    <section className="pane source-pane" aria-label={t('summarise.text')}>
      <textarea
        ref={field}
        className="reading summarise-text"
        value={text}
        dir="auto"
        aria-label={t('summarise.label')}
        placeholder={t('summarise.placeholder')}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="pane-actions">
        <FileTrigger
          acceptedFileTypes={['.txt', '.md', 'text/plain', 'text/markdown']}
          onSelect={(files) => files && void onFiles([...files])}
        >
          <IconButton icon="open" label={t('summarise.open')} />
        </FileTrigger>
        <span className="pane-actions-space" />
        {text !== '' && (
          <>
            <span className="count">
              {t('source.characters', { count: text.length, shown: formatNumber(text.length, i18n.language) })}
            </span>
            <IconButton
              icon="close"
              label={t('source.clear')}
              onPress={() => {
                clear();
                field.current?.focus();
              }}
            />
          </>
        )}
      </div>
    </section>
  );
}
