import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Glossa } from '../client/engine.ts';
import { isLocale, matchLocale, startI18n } from '../i18n/i18n.ts';
import { readDraft } from '../library/draft.ts';
import { DEFAULT_SETTINGS, readSettings } from '../library/settings.ts';
import { App } from './App.tsx';
import { EMPTY_DRAFT } from './DeskContext.tsx';
import type { ShellKeeping } from './shell/serviceWorker.ts';
import { GlossaContext } from './useTask.ts';

/**
 * Reads what the reader left, speaks their language, and draws the page. A device that keeps nothing gets a fresh desk.
 * @param keepShell - has the page kept for offline use; called when it may cost that much
 */
export async function startPage(
  root: HTMLElement,
  glossa: Glossa,
  keepShell: (keeping: ShellKeeping) => void,
): Promise<void> {
  const [settings, draft] = await Promise.all([
    readSettings().catch(() => DEFAULT_SETTINGS),
    readDraft().catch(() => null),
  ]);
  const { locale } = settings;
  await startI18n(locale !== null && isLocale(locale) ? locale : matchLocale(navigator.languages));
  createRoot(root).render(
    <StrictMode>
      <GlossaContext value={glossa}>
        <App
          settings={settings}
          draft={draft ?? EMPTY_DRAFT}
          models={glossa.models.remembered()}
          keepShell={keepShell}
        />
      </GlossaContext>
    </StrictMode>,
  );
}
