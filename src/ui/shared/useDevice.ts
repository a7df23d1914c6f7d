import { useEffect, useState } from 'react';
import type { DeviceInfo } from '../../protocol/types.ts';
import { useTask } from '../useTask.ts';

/** Where the engine runs on this device; null until it is known. */
export function useDevice(): DeviceInfo | null {
  const { run } = useTask();
  const [device, setDevice] = useState<DeviceInfo | null>(null);
  useEffect(() => {
    void run((glossa) => glossa.device()).then((outcome) => {
      if (outcome.state === 'done') setDevice(outcome.value);
    });
  }, [run]);
  return device;
}
