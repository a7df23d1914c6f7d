import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../shared/Panel.tsx';
import type { PanelProps } from '../shell/panel.ts';
import { SHORTCUT_NAMES, shortcutLabel } from '../translate/shortcuts.ts';

const LISTENING_KEYS = [
  ['line', '↑ ↓'],
  ['playLine', 'Enter'],
  ['editLine', 'F2'],
  ['deleteLine', 'Del'],
  ['playPause', 'Alt+K'],
  ['skip', 'Alt+J, Alt+L'],
  ['undoEdit', 'Ctrl+Z, Ctrl+Shift+Z'],
] as const;

const SEEING_KEYS = [
  ['pastePicture', 'Ctrl+V'],
  ['lookWord', '← →'],
  ['openPicture', 'Enter'],
  ['editText', 'F2'],
  ['nextText', 'Alt+↓, Alt+↑'],
  ['removePicture', 'Del'],
  ['undoEdit', 'Ctrl+Z, Ctrl+Shift+Z'],
] as const;

/** The keys, and in a few sentences how the page is used. */
export default function HelpPanel({ onClose }: PanelProps) {
  const { t } = useTranslation();
  return (
    <Panel title={t('panels.help')} onClose={onClose}>
      <h3>{t('help.keys')}</h3>
      <dl className="keys">
        {SHORTCUT_NAMES.map((name) => (
          <div key={name}>
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd>
              <kbd>{shortcutLabel(name)}</kbd>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('shortcuts.help')}</dt>
          <dd>
            <kbd>?</kbd> <kbd>Ctrl+/</kbd>
          </dd>
        </div>
      </dl>
      <h3>{t('help.translation')}</h3>
      <dl className="keys">
        {(['sentence', 'word', 'open'] as const).map((name) => (
          <div key={name}>
            <dt>{t(`help.${name}`)}</dt>
            <dd>
              <kbd>{{ sentence: '↑ ↓', word: '← →', open: 'Enter' }[name]}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      {(
        [
          ['listening', LISTENING_KEYS],
          ['seeing', SEEING_KEYS],
        ] as const
      ).map(([screen, keys]) => (
        <Fragment key={screen}>
          <h3>{t(`help.${screen}`)}</h3>
          <dl className="keys">
            {keys.map(([name, key]) => (
              <div key={name}>
                <dt>{t(`help.${name}`)}</dt>
                <dd>
                  <kbd>{key}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </Fragment>
      ))}
      <h3>{t('help.private')}</h3>
      <p>{t('help.privateText')}</p>
      <p>{t('help.quality')}</p>
    </Panel>
  );
}
