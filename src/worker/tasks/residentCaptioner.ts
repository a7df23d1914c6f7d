import { EngineError } from '../../protocol/errors.ts';
import type { CaptionInput } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { CaptionPolicy } from '../features/captionPolicy.ts';
import { countableNames, parseCaptionTables } from '../features/captionTables.ts';
import { parseCaptionWords } from '../features/captionWords.ts';
import type { PictureForm } from '../features/image/pixels.ts';
import { onceOfGroup } from '../seq2seq/logits.ts';
import { openCaptioner } from '../seq2seq/openCaptioner.ts';
import type { OpenModel } from '../store/models.ts';
import { describe, type Captioner, type DescribePixels } from './captioner.ts';
import { Residency, type LoadOptions } from './residency.ts';

/** Which captioner, and where it runs. */
type Choice = Pick<CaptionInput, 'model' | 'provider' | 'threads'>;

/** A captioner of either kind. */
interface ResidentCaptioner {
  device: DeviceInfo;
  /** What pictures are made into for it. */
  form: PictureForm;
  describe: DescribePixels;
}

const residency = new Residency<ResidentCaptioner>(loadCaptioner);

/**
 * The captioner of this worker, loaded by the first call.
 * @throws EngineError what `openModel`, `openSession` and the parsers throw
 */
export function residentCaptioner(
  { model, provider, threads }: Choice,
  options: LoadOptions,
): Promise<ResidentCaptioner> {
  return residency.get(model, provider, options, threads);
}

/**
 * A captioner from its parts, wherever they are.
 * @throws EngineError what `openSession` and the parsers throw
 */
export async function loadCaptioner(
  { manifest, part }: OpenModel,
  device: DeviceInfo,
  signal: AbortSignal,
): Promise<ResidentCaptioner> {
  const { provider, threads } = device;
  if (manifest.kind !== 'captioning') {
    throw new EngineError(
      'unsupported-model',
      `"${manifest.name}" does not caption pictures. Choose a captioning model.`,
    );
  }
  const { architecture } = manifest;
  const source = { part, provider, threads, lane: 0, signal };
  if (architecture.type === 'hub-captioner') {
    // Most readers have none of the Hub.
    const { openHubCaptioner } = await import('./hubCaptioner.ts');
    return { device, form: architecture, describe: await openHubCaptioner(architecture, source, manifest.parts) };
  }
  const [model, vocabulary, tables] = await Promise.all([
    openCaptioner({ ...source, architecture }),
    part('vocabulary'),
    part('labels').then(parseCaptionTables),
  ]);
  const words = parseCaptionWords(vocabulary, architecture.vocabulary, countableNames(tables));
  const policy = new CaptionPolicy(tables, words);
  const captioner: Captioner = { architecture, model, words, policy, once: onceOfGroup(policy.groups) };
  return {
    device,
    form: architecture,
    describe: async (pixels, options) => describe(captioner, await model.see(pixels, options.signal), options),
  };
}
