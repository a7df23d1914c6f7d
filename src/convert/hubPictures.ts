import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';
import type { HubCaptionerArchitecture } from '../protocol/manifest.ts';

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const channels = v.tuple([v.number(), v.number(), v.number()]);

/** `preprocessor_config.json` of a picture model. */
const schema = v.object({
  do_resize: v.optional(v.boolean(), true),
  do_rescale: v.optional(v.boolean(), true),
  do_normalize: v.optional(v.boolean(), true),
  do_center_crop: v.optional(v.boolean(), false),
  rescale_factor: v.optional(v.number(), 1 / 255),
  size: v.union([side, v.object({ height: side, width: side })]),
  image_mean: v.optional(channels, [0.5, 0.5, 0.5]),
  image_std: v.optional(channels, [0.5, 0.5, 0.5]),
});

/**
 * What pictures are made into for a model: squashed to a square and normalised.
 * @throws EngineError model-corrupt, or unsupported-model where they are made into something else
 */
export function pictureForm(file: Uint8Array): Pick<HubCaptionerArchitecture, 'size' | 'mean' | 'deviation'> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), new TextDecoder().decode(file));
  if (!parsed.success)
    throw new EngineError('model-corrupt', 'The model’s preprocessor_config.json is damaged. Fetch the file again.');
  const { size, image_mean: mean, image_std: deviation, ...rest } = parsed.output;
  const square = typeof size === 'number' ? size : size.width;
  const isSquare = typeof size === 'number' || size.height === size.width;
  const isUsual =
    rest.do_resize && rest.do_rescale && !rest.do_center_crop && Math.abs(255 * rest.rescale_factor - 1) < 1e-3;
  if (!isSquare || !isUsual)
    throw new EngineError(
      'unsupported-model',
      'This model wants pictures that are cropped, not square or not scaled to 0..1, which is not supported yet.',
    );
  return rest.do_normalize
    ? { size: square, mean, deviation }
    : { size: square, mean: [0, 0, 0], deviation: [1, 1, 1] };
}
