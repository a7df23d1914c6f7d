/** The panels behind the menu, in its order. */
export const PANEL_NAMES = ['history', 'glossary', 'models', 'network', 'settings', 'help'] as const;

export type PanelName = (typeof PANEL_NAMES)[number];

/** What every panel is given. */
export interface PanelProps {
  onClose: () => void;
}
