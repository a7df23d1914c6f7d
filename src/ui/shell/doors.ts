import type { ComponentType } from 'react';
import type { IconName } from '../shared/Icon.tsx';
import { TranslateScreen } from '../translate/TranslateScreen.tsx';

/** The things Glossa does, each a screen behind a door in the top bar. Another door is another entry. */
export const DOORS = [{ id: 'translate', icon: 'swap', Screen: TranslateScreen }] as const satisfies readonly Door[];

interface Door {
  /** Its label is the message `doors.<id>`. */
  id: string;
  icon: IconName;
  Screen: ComponentType;
}

export type DoorId = (typeof DOORS)[number]['id'];
