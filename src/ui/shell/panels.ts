import { type ComponentType, lazy } from 'react';
import type { IconName } from '../shared/Icon.tsx';

/** What lies behind the menu. Each is fetched when it is first opened. */
export const PANELS = {
  history: { icon: 'history', Panel: lazy(() => import('../history/HistoryPanel.tsx')) },
  glossary: { icon: 'book', Panel: lazy(() => import('../glossary/GlossaryPanel.tsx')) },
  models: { icon: 'models', Panel: lazy(() => import('../models/ModelsPanel.tsx')) },
  network: { icon: 'shield', Panel: lazy(() => import('../network/NetworkPanel.tsx')) },
  settings: { icon: 'settings', Panel: lazy(() => import('../settings/SettingsPanel.tsx')) },
  help: { icon: 'keyboard', Panel: lazy(() => import('../help/HelpPanel.tsx')) },
} as const satisfies Record<string, { icon: IconName; Panel: ComponentType<PanelProps> }>;

export type PanelName = keyof typeof PANELS;

export interface PanelProps {
  onClose: () => void;
}

export const PANEL_NAMES = Object.keys(PANELS) as PanelName[];
