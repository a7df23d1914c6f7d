// First, so that the styles of a part can refine those of its controls.
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import type { Draft } from '../library/draft.ts';
import type { ModelInfo } from '../protocol/types.ts';
import type { Settings } from '../library/settings.ts';
import { DeskProvider } from './DeskContext.tsx';
import { SettingsProvider } from './SettingsContext.tsx';
import { Guard } from './shared/Guard.tsx';
import { NoticeProvider } from './shared/Notice.tsx';
import type { ShellKeeping } from './shell/serviceWorker.ts';
import { Shell } from './shell/Shell.tsx';
import { ShellKeeper } from './shell/ShellKeeper.tsx';

interface AppProps {
  settings: Settings;
  draft: Draft;
  /** As they were listed last, or null. */
  models: ModelInfo[] | null;
  keepShell: (keeping: ShellKeeping) => void;
}

/** The whole page. Needs a GlossaContext above it and i18next started. */
export function App({ settings, draft, models, keepShell }: AppProps) {
  return (
    <Guard>
      <NoticeProvider>
        <SettingsProvider initial={settings}>
          <DeskProvider initial={draft} remembered={models}>
            <ShellKeeper keepShell={keepShell} />
            <Shell />
          </DeskProvider>
        </SettingsProvider>
      </NoticeProvider>
    </Guard>
  );
}
