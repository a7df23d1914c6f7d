import type { ComponentType } from 'react';
import type { ParseKeys } from 'i18next';
import { TranslateScreen } from '../translate/TranslateScreen.tsx';

/** The things Glossa does, each a screen behind a door in the top bar. Another door is another entry. */
export const DOORS: readonly [Door, ...Door[]] = [{ label: 'doors.translate', Screen: TranslateScreen }];

interface Door {
  label: ParseKeys;
  Screen: ComponentType;
}
