import { createContext, useContext, useEffect, useRef } from 'react';
import type { DoorId } from '../shell/screen.ts';
import { Inbox } from './inbox.ts';

export const InboxContext = createContext(new Inbox());

/** Opens the files that were given to a door, as soon as its screen is there. */
export function useGivenFiles(door: DoorId, open: (files: File[]) => Promise<void> | void): void {
  const inbox = useContext(InboxContext);
  const latest = useRef(open);
  useEffect(() => {
    latest.current = open;
  });
  useEffect(() => inbox.attend(door, (files) => latest.current(files)), [inbox, door]);
}
