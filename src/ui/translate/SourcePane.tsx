import { type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, FileTrigger } from 'react-aria-components';
import { formatNumber } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { shortcutLabel } from './shortcuts.ts';
import { SourceText } from './SourceText.tsx';
import type { Unit } from './units.ts';
import type { Active, Lit } from './useActive.ts';

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  language: string | null;
  units: Unit[];
  lit: Lit | null;
  canUndoClear: boolean;
  speaking: boolean;
  onChange: (text: string) => void;
  point: (active: Active | null) => void;
  onPaste: () => void;
  onOpenFiles: (files: File[]) => void;
  onSpeak: () => void;
  onClear: () => void;
  onUndoClear: () => void;
}

/** Where the reader writes. */
export function SourcePane(props: Props) {
  const { t, i18n } = useTranslation();
  const { text } = props;
  const empty = text === '';
  return (
    <section className="pane source-pane" aria-label={t('source.pane')}>
      <SourceText
        field={props.field}
        text={text}
        language={props.language}
        label={t('source.label')}
        placeholder={t('source.placeholder')}
        units={props.units}
        lit={props.lit}
        onChange={props.onChange}
        point={props.point}
      />
      <div className="pane-actions">
        <IconButton icon="paste" label={t('source.paste')} onPress={props.onPaste} />
        <FileTrigger
          acceptedFileTypes={['.txt', '.md', 'text/plain', 'text/markdown']}
          allowsMultiple
          onSelect={(files) => files && props.onOpenFiles([...files])}
        >
          <IconButton icon="open" label={t('source.open')} />
        </FileTrigger>
        {!empty && (
          <IconButton
            icon={props.speaking ? 'stop' : 'speak'}
            label={props.speaking ? t('speech.stop') : t('source.speak')}
            onPress={props.onSpeak}
          />
        )}
        <span className="pane-actions-space" />
        {!empty && (
          <span className="count">
            {t('source.characters', { count: text.length, shown: formatNumber(text.length, i18n.language) })}
          </span>
        )}
        {!empty && (
          <IconButton
            icon="close"
            label={t('source.clear')}
            shortcut={shortcutLabel('clear')}
            onPress={props.onClear}
          />
        )}
        {empty && props.canUndoClear && (
          <Button className="button text-button" onPress={props.onUndoClear}>
            <Icon name="undo" size={18} />
            {t('source.undoClear')}
          </Button>
        )}
      </div>
    </section>
  );
}
