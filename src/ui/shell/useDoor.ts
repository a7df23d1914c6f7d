import { useCallback, useEffect, useState } from 'react';
import { type Door, DOORS } from './doors.ts';

/** Which door the reader is behind. It is in the address, so that reload, bookmarks and Back know it too. */
export function useDoor(): [Door, (door: Door) => void] {
  const [door, setDoor] = useState(doorOfAddress);
  useEffect(() => {
    const look = (): void => setDoor(doorOfAddress());
    addEventListener('hashchange', look);
    addEventListener('popstate', look);
    return () => {
      removeEventListener('hashchange', look);
      removeEventListener('popstate', look);
    };
  }, []);
  const go = useCallback((to: Door) => {
    const address = new URL(location.href);
    address.hash = to === DOORS[0] ? '' : to.id;
    if (address.href !== location.href) history.pushState(null, '', address);
    setDoor(to);
  }, []);
  return [door, go];
}

/** Any other fragment is a shared text, which is the first door's. */
const doorOfAddress = (): Door => DOORS.find(({ id }) => location.hash === `#${id}`) ?? DOORS[0];
