import type { ReactNode, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { shortcutLabel } from './shortcuts.ts';

interface Props {
  ref: Ref<HTMLElement>;
  /** Whether there is a translation that can be taken away. */
  hasText: boolean;
  copied: boolean;
  speaking: boolean;
  /** Text longer than a screen scrolls in its own box, as the source does. */
  long: boolean;
  children: ReactNode;
  onCopy: () => void;
  onSpeak: () => void;
  onSave: () => void;
  onShare: () => void;
}

/** Where the translation stands, and what can be done with it. */
export function TargetPane({ ref, hasText, copied, speaking, long, children, ...actions }: Props) {
  const { t } = useTranslation();
  return (
    <section ref={ref} className="pane target-pane" aria-label={t('target.pane')}>
      <div className={long ? 'pane-content long' : 'pane-content'}>{children}</div>
      <div className="pane-actions">
        {hasText && (
          <>
            <Button className="button primary" onPress={actions.onCopy} aria-keyshortcuts="Alt+C">
              <Icon name={copied ? 'check' : 'copy'} size={18} />
              {copied ? t('target.copied') : t('target.copy')}
            </Button>
            <IconButton
              icon={speaking ? 'stop' : 'speak'}
              label={speaking ? t('speech.stop') : t('target.speak')}
              shortcut={shortcutLabel('listen')}
              onPress={actions.onSpeak}
            />
            <span className="pane-actions-space" />
            <IconButton icon="save" label={t('target.save')} onPress={actions.onSave} />
            <IconButton
              icon="share"
              label={t('target.share')}
              shortcut={shortcutLabel('share')}
              onPress={actions.onShare}
            />
          </>
        )}
      </div>
    </section>
  );
}
