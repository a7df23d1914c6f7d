import { useContext, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SHARE_FAILED, SHARED_CACHE } from '../../protocol/shared.ts';
import { useNotify } from '../shared/Notice.tsx';
import type { DoorId } from '../shell/screen.ts';
import { takeLaunches } from './launches.ts';
import type { Receiver } from './receive.ts';
import { InboxContext } from './useGivenFiles.ts';

/** Receives what other apps share and what a file manager opens with this one, each in its door. */
export function useGiven(show: (doors: DoorId[]) => void): void {
  const { t } = useTranslation();
  const notify = useNotify();
  const inbox = useContext(InboxContext);
  const receiver = useRef<Receiver>({ inbox, show, notify, t });
  useEffect(() => {
    receiver.current = { inbox, show, notify, t };
  });
  useEffect(() => {
    // The reading is fetched only when there is something to read.
    takeLaunches((files) => void openFrom(files, receiver.current));
    void openWaiting(receiver.current);
  }, []);
}

async function openFrom(files: readonly FileSystemFileHandle[], receiver: Receiver): Promise<void> {
  await (await import('./receive.ts')).openLaunch(files, receiver);
}

async function openWaiting(receiver: Receiver): Promise<void> {
  if (location.hash === SHARE_FAILED) {
    history.replaceState(history.state, '', location.pathname + location.search);
    receiver.notify(receiver.t('given.noRoom'));
  }
  if (await isSomethingShared()) await (await import('./receive.ts')).openShared(receiver);
}

async function isSomethingShared(): Promise<boolean> {
  try {
    return await caches.has(SHARED_CACHE);
  } catch {
    // No cache: in a private window of some browsers, or on a host without HTTPS.
    return false;
  }
}
