import type { ProviderChoice } from '../protocol/messages.ts';

/** More workers than this cost memory and win little: they share the machine's caches and its memory's bandwidth. */
const MOST = 4;

/**
 * How many pictures are captioned at the same time where there are many, each by a worker of its own on one thread: threads
 * share a convolution badly, and pictures not at all. Works without isolation, too. The GPU is one device for all.
 */
export function picturesAtOnce(provider: ProviderChoice): number {
  return provider === 'webgpu' ? 1 : Math.max(1, Math.min(navigator.hardwareConcurrency || 1, MOST));
}
