import { EngineError } from '../../protocol/errors.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import { CaptionPolicy } from '../features/captionPolicy.ts';
import { countableNames, parseCaptionTables } from '../features/captionTables.ts';
import { parseCaptionWords } from '../features/captionWords.ts';
import { startDevice } from '../runtime/device.ts';
import { onceOfGroup } from '../seq2seq/logits.ts';
import { openCaptioner } from '../seq2seq/openCaptioner.ts';
import { openModel } from '../store/models.ts';
import type { Captioner } from './captioner.ts';
import { Residency, type LoadOptions } from './residency.ts';

const residency = new Residency<Captioner>();

/**
 * The captioner of this worker, loaded by the first call.
 * @throws EngineError what `openModel`, `openSession` and the parsers throw
 */
export function residentCaptioner(id: string, provider: ProviderChoice, options: LoadOptions): Promise<Captioner> {
  const { signal, onProgress } = options;
  return residency.get(id, provider, (loading) => load(id, provider, loading, onProgress), signal);
}

async function load(
  id: string,
  choice: ProviderChoice,
  signal: AbortSignal,
  onProgress: LoadOptions['onProgress'],
): Promise<Captioner> {
  const device = await startDevice(choice);
  const { provider, threads } = device;
  const { manifest, part } = await openModel(id, { provider, signal, ...(onProgress ? { onProgress } : {}) });
  if (manifest.kind !== 'captioning') {
    throw new EngineError(
      'unsupported-model',
      `"${manifest.name}" does not caption pictures. Choose a captioning model.`,
    );
  }
  const { architecture } = manifest;
  const [model, vocabulary, tables] = await Promise.all([
    openCaptioner({ architecture, part, provider, threads, lane: 0, signal }),
    part('vocabulary'),
    part('labels').then(parseCaptionTables),
  ]);
  const words = parseCaptionWords(vocabulary, architecture.vocabulary, countableNames(tables));
  const policy = new CaptionPolicy(tables, words);
  return { manifest, device, model, words, policy, once: onceOfGroup(policy.groups) };
}
