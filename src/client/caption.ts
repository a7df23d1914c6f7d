import { EngineError, type ErrorCode } from '../protocol/errors.ts';
import type { Caption, ModelInfo } from '../protocol/types.ts';
import { checkCount, checkImage, checkProvider, checkSignal } from './checkOptions.ts';
import type { ModelDirectory } from './modelDirectory.ts';
import type { CaptionOptions } from './options.ts';
import { picturesAtOnce } from './picturesAtOnce.ts';
import type { Pool } from './pool.ts';

/** The captioner that is used where several are on this device and none is named. */
const BEST_MODEL = 'caption';
const BEAMS = 3;
const MOST = 8;

/** The model that captions pictures, one on this device first. Throws as `ModelDirectory.choose` does. */
export function chooseCaptioner(directory: ModelDirectory, id: unknown, signal?: AbortSignal): Promise<ModelInfo> {
  const rank = (model: ModelInfo): number =>
    (model.state === 'installed' ? 0 : model.state === 'partial' ? 1 : 2) * 2 + (model.id === BEST_MODEL ? 0 : 1);
  return directory.choose(
    'captioning',
    id,
    (models) => models.sort((a, b) => rank(a) - rank(b)),
    () => new EngineError('unsupported-model', 'There is no model that captions pictures here.'),
    signal,
  );
}

/** `Glossa.caption`. */
export async function caption(
  pool: Pool,
  directory: ModelDirectory,
  image: Blob | ImageBitmap | ImageData,
  options: CaptionOptions = {},
): Promise<Caption> {
  checkImage(image);
  const { signal, onProgress, onPartial } = options;
  checkSignal(signal);
  const provider = checkProvider(options.provider);
  const beams = checkCount(options.beams, 'beams', [1, MOST], BEAMS);
  const alternatives = checkCount(options.alternatives, 'alternatives', [0, MOST], 0);
  const workers = options.parallel === true ? picturesAtOnce(provider) : 1;
  const given = await readable(image, options.transfer === true);
  const model = await chooseCaptioner(directory, options.model, signal);
  let fellBack: ErrorCode | undefined;
  const seen = await pool.run(
    model,
    provider,
    'caption',
    {
      ...{ model: model.id, provider, image: given.image, beams, alternatives, partials: onPartial !== undefined },
      ...(workers > 1 && { threads: 1 }),
    },
    {
      signal,
      onProgress,
      onEvent: ({ text }) => onPartial?.(text),
      onFallback: ({ code }) => void (fellBack = code),
      transfer: given.transfer,
    },
    workers,
  );
  return fellBack === undefined ? seen : { ...seen, ran: { ...seen.ran, fellBack } };
}

/** The picture as a worker can read it: it cannot draw an SVG. */
async function readable(
  image: Blob | ImageBitmap | ImageData,
  transfer: boolean,
): Promise<{ image: Blob | ImageBitmap | ImageData; transfer: Transferable[] }> {
  if (image instanceof Blob) {
    const { isSvg, drawSvg } = await import('../capture/drawSvg.ts');
    if (!(await isSvg(image))) return { image, transfer: [] };
    const drawn = await drawSvg(image);
    return { image: drawn, transfer: [drawn] };
  }
  if (!transfer) return { image, transfer: [] };
  return { image, transfer: [image instanceof ImageBitmap ? image : image.data.buffer] };
}
