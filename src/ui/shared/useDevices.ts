import { useEffect, useState } from 'react';
import { type CaptureDevice, listDevices, watchDevices } from '../../capture/devices.ts';

/**
 * The microphones or cameras to choose from: the browser's own choice (the empty id, called `anyLabel`) and each by name.
 * Empty until one was allowed, which changes `allowed`.
 */
export function useDevices(
  kind: 'audioinput' | 'videoinput',
  wanted: string | null,
  anyLabel: string,
  allowed = true,
): { list: CaptureDevice[]; chosen: string } {
  const [found, setFound] = useState<CaptureDevice[]>([]);
  useEffect(() => {
    // A browser that does not tell offers its own choice.
    const look = (): void => void listDevices(kind).then(setFound, () => setFound([]));
    look();
    return watchDevices(look);
  }, [kind, allowed]);
  const named = found.filter(({ id, label }) => label !== '' && id !== 'default');
  return {
    list: named.length === 0 ? [] : [{ id: '', label: anyLabel }, ...named],
    chosen: named.some(({ id }) => id === wanted) ? (wanted ?? '') : '',
  };
}
