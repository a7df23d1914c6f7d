import type { ModelInfo } from '../protocol/types.ts';

/**
 * What a resident model takes besides its weights (the runtime and its working memory), and how often its weights are in
 * memory: in the graphs and in the form that the kernels want.
 */
const RUNTIME_BYTES = 100 * 2 ** 20;
const WEIGHT_COPIES = 3;

/** `navigator.deviceMemory`, in GiB, where the browser tells it. It never tells more than 8. */
const ASSUMED_DEVICE_GIB = 4;
/** What share of the device's memory is ours. A phone ends the page that takes much of it, and has no swap to fall back on. */
const SHARE = 1 / 4;
const PHONE_SHARE = 1 / 8;

/** How much memory a model takes in one worker, reckoned from its size. */
export const residentBytes = (model: ModelInfo): number => model.unpackedBytes * WEIGHT_COPIES + RUNTIME_BYTES;

/** How much memory resident models may take on this device. */
export function memoryBudgetBytes(): number {
  const told = 'deviceMemory' in navigator ? navigator.deviceMemory : undefined;
  const deviceBytes = (typeof told === 'number' ? told : ASSUMED_DEVICE_GIB) * 2 ** 30;
  return deviceBytes * (isPhone() ? PHONE_SHARE : SHARE);
}

function isPhone(): boolean {
  const data: { mobile?: boolean } | undefined =
    'userAgentData' in navigator && typeof navigator.userAgentData === 'object' && navigator.userAgentData !== null
      ? navigator.userAgentData
      : undefined;
  return data?.mobile ?? /Mobi/.test(navigator.userAgent);
}

/** https://wicg.github.io/performance-measure-memory/ */
interface MeasuringPerformance extends Performance {
  measureUserAgentSpecificMemory?(): Promise<{ bytes: number }>;
}

/**
 * What the page and its workers take, as the browser measures it; undefined where it does not, or the page is not isolated.
 * Takes up to some twenty seconds: the browser waits for a good moment.
 */
export async function measureMemory(): Promise<number | undefined> {
  const measuring: MeasuringPerformance = performance;
  try {
    return (await measuring.measureUserAgentSpecificMemory?.())?.bytes;
  } catch {
    return undefined;
  }
}
