import { type ComponentType, lazy } from 'react';
import type { IconName } from '../shared/Icon.tsx';
import type { PanelName, PanelProps } from './panel.ts';

/** What lies behind the menu. Each is fetched when it is first opened. */
export const PANELS: Record<PanelName, { icon: IconName; Panel: ComponentType<PanelProps> }> = {
  history: { icon: 'history', Panel: lazy(() => import('../history/HistoryPanel.tsx')) },
  glossary: { icon: 'book', Panel: lazy(() => import('../glossary/GlossaryPanel.tsx')) },
  models: { icon: 'models', Panel: lazy(() => import('../models/ModelsPanel.tsx')) },
  network: { icon: 'shield', Panel: lazy(() => import('../network/NetworkPanel.tsx')) },
  settings: { icon: 'settings', Panel: lazy(() => import('../settings/SettingsPanel.tsx')) },
  help: { icon: 'keyboard', Panel: lazy(() => import('../help/HelpPanel.tsx')) },
};
