// First, so that the styles of a part can refine those of its controls.
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import type { Draft } from '../library/draft.ts';
import type { Settings } from '../library/settings.ts';
import { DeskProvider } from './DeskContext.tsx';
import { SettingsProvider } from './SettingsContext.tsx';
import { Guard } from './shared/Guard.tsx';
import { NoticeProvider } from './shared/Notice.tsx';
import { Shell } from './shell/Shell.tsx';

/** The whole page. Needs a GlossaContext above it and i18next started. */
export function App({ settings, draft }: { settings: Settings; draft: Draft }) {
  return (
    <Guard>
      <NoticeProvider>
        <SettingsProvider initial={settings}>
          <DeskProvider initial={draft}>
            <Shell />
          </DeskProvider>
        </SettingsProvider>
      </NoticeProvider>
    </Guard>
  );
}
