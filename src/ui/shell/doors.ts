import { type ComponentType, lazy } from 'react';
import type { ParseKeys } from 'i18next';
import type { ModelKind } from '../../protocol/types.ts';
import type { IconName } from '../shared/Icon.tsx';
import { TranslateScreen } from '../translate/TranslateScreen.tsx';
import type { DoorId, ScreenProps } from './screen.ts';

/** The things Glossa does, each a screen behind a door in the top bar. Another door is another entry. */
export const DOORS: readonly [Door, ...Door[]] = [
  { id: 'translate', label: 'doors.translate', icon: 'translate', Screen: TranslateScreen, worksOn: false },
  {
    id: 'listen',
    label: 'doors.listen',
    icon: 'microphone',
    Screen: lazy(() => import('../listen/ListenScreen.tsx')),
    worksOn: true,
  },
  {
    id: 'see',
    label: 'doors.see',
    icon: 'picture',
    Screen: lazy(() => import('../see/SeeScreen.tsx')),
    worksOn: true,
  },
  {
    id: 'summarise',
    label: 'doors.summarise',
    icon: 'summary',
    Screen: lazy(() => import('../summarise/SummariseScreen.tsx')),
    worksOn: true,
    needs: 'summary',
  },
];

export interface Door {
  /** Also the fragment of its address. */
  id: DoorId;
  label: ParseKeys;
  icon: IconName;
  Screen: ComponentType<ScreenProps>;
  /** Whether its work goes on while the reader is behind another door. */
  worksOn: boolean;
  /** Only there while a model of this kind is installed. */
  needs?: ModelKind;
}
