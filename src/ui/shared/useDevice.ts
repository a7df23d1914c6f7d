import type { DeviceInfo } from '../../protocol/types.ts';
import type { Job } from '../useTask.ts';
import { useAnswer } from './useAnswer.ts';

const askDevice: Job<DeviceInfo> = (glossa) => glossa.device();

/** Where the engine runs on this device; null until it is known. */
export const useDevice = (): DeviceInfo | null => useAnswer(askDevice);
