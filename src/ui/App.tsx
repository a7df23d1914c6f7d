// First, so that the styles of a part can refine those of its controls.
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { useEffect } from 'react';
import type { Draft } from '../library/draft.ts';
import type { Settings } from '../library/settings.ts';
import { DeskProvider, useDesk } from './DeskContext.tsx';
import { SettingsProvider } from './SettingsContext.tsx';
import { Guard } from './shared/Guard.tsx';
import { NoticeProvider } from './shared/Notice.tsx';
import { isMetered } from './shared/useOnline.ts';
import { Shell } from './shell/Shell.tsx';

interface AppProps {
  settings: Settings;
  draft: Draft;
  keepShell: () => void;
}

/** The whole page. Needs a GlossaContext above it and i18next started. */
export function App({ settings, draft, keepShell }: AppProps) {
  return (
    <Guard>
      <NoticeProvider>
        <SettingsProvider initial={settings}>
          <DeskProvider initial={draft}>
            <ShellKeeper keepShell={keepShell} />
            <Shell />
          </DeskProvider>
        </SettingsProvider>
      </NoticeProvider>
    </Guard>
  );
}

/** Has the page kept for offline use: at once, but where bytes are dear only when there is a model to use it with. */
function ShellKeeper({ keepShell }: Pick<AppProps, 'keepShell'>) {
  const { models } = useDesk();
  const due = !isMetered() || models.list?.some(({ state }) => state === 'installed');
  useEffect(() => {
    if (due) keepShell();
  }, [due, keepShell]);
  return null;
}
