import { openPicture } from '../features/image/picture.ts';
import { toPixels } from '../features/image/pixels.ts';
import { residentCaptioner } from './residentCaptioner.ts';
import type { Task } from './task.ts';

/** Says what is seen in a picture. */
export const caption: Task<'caption'> = async (input, { signal, progress, emit }) => {
  let started = performance.now();
  // Before the model: a file that cannot be read is not worth a download.
  const picture = await openPicture(input.image);
  try {
    const openingMs = performance.now() - started;
    const captioner = await residentCaptioner(input, { signal, onProgress: progress });
    started = performance.now();
    progress({ stage: 'decode', done: 0, total: 1, unit: 'items' });
    const pixels = toPixels(picture, captioner.form);
    const { beams, alternatives, partials } = input;
    const description = await captioner.describe(pixels, {
      beams,
      alternatives,
      signal,
      ...(partials && { onPartial: (text: string) => emit({ type: 'partial', text }) }),
    });
    const { width, height } = picture;
    const { provider, threads } = captioner.device;
    const ran = { model: input.model, provider, threads, ms: openingMs + performance.now() - started };
    return { ...description, width, height, ran };
  } finally {
    picture.close();
  }
};
