import { parseLexicon } from '../../formats/lexicon.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { ManifestOf } from '../../protocol/manifest.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import type { Tokenisers } from '../features/tokeniser.ts';
import type { Lexicon, StepModel } from '../seq2seq/model.ts';
import { openTranslator } from '../seq2seq/openTranslator.ts';
import type { PieceKinds } from '../seq2seq/steering.ts';
import type { OpenModel } from '../store/models.ts';
import { pieceKinds } from './glossary.ts';
import { loadTokenisers } from './loadTokenisers.ts';
import { Residency, type LoadOptions } from './residency.ts';

/** A translation model, loaded. */
export interface Translator {
  manifest: ManifestOf<'translation'>;
  device: DeviceInfo;
  /** With all threads for one run: the quickest for a few sentences. */
  model: Model;
  /**
   * Equal models with a thread each, which run at the same time: for many sentences two batches side by side take less time
   * than one after the other with twice the threads. Loaded when they are first asked for.
   */
  lanes(): Promise<Model[]>;
  tokenisers: Tokenisers;
  /** Made when they are first asked for: most texts have no terms. */
  kinds(): PieceKinds;
  /** Null for a model that chooses from its whole vocabulary. */
  lexicon: Lexicon | null;
}

type Model = StepModel<Int32Array, unknown>;

const residency = new Residency<Translator>(loadTranslator);

/**
 * The translator of this worker, loaded by the first call.
 * @throws EngineError what `openModel`, `openSession` and the parsers throw
 */
export function residentTranslator(model: string, provider: ProviderChoice, options: LoadOptions): Promise<Translator> {
  return residency.get(model, provider, options);
}

/**
 * A translator from its parts, wherever they are.
 * @throws EngineError what `openSession` and the parsers throw
 */
export async function loadTranslator(stored: OpenModel, device: DeviceInfo, signal: AbortSignal): Promise<Translator> {
  const { provider, threads } = device;
  const { manifest } = stored;
  if (manifest.kind !== 'translation')
    throw new EngineError('unsupported-model', `"${manifest.name}" does not translate. Choose a translation model.`);
  const { architecture } = manifest;
  const part = (role: string): Promise<Uint8Array> => stored.part(role);
  const open = (lane: number, laneThreads: number, read: typeof part): Promise<Model> =>
    openTranslator({ architecture, part: read, provider, threads: laneThreads, lane, signal });
  // Read while the runtime is being compiled, which takes longer.
  const [model, tokenisers, lexicon] = await Promise.all([
    open(0, threads, part),
    loadTokenisers(manifest, part),
    manifest.parts.some(({ role }) => role === 'lexicon') ? part('lexicon').then(parseLexicon) : null,
  ]);
  let kinds: PieceKinds | null = null;
  let lanes: Promise<Model[]> | null = null;
  const openLanes = (): Promise<Model[]> => {
    if (lanes) return lanes;
    const weights = part('weights').then(shared);
    const read = (role: string): Promise<Uint8Array> => (role === 'weights' ? weights : part(role));
    const opening = Promise.all(Array.from({ length: threads }, (_, i) => open(i + 1, 1, read)));
    opening.catch(() => (lanes = null));
    lanes = opening;
    return opening;
  };
  return {
    manifest,
    device,
    model,
    // The graphs of the Hub hold their weights themselves: each lane would have a copy of its own.
    lanes: () => (threads > 1 && architecture.type !== 'hub-translator' ? openLanes() : Promise.resolve([model])),
    tokenisers,
    kinds: () => (kinds ??= pieceKinds(tokenisers.target)),
    lexicon,
  };
}

/** A copy that every lane reads in place: posted as they are, the bytes would be copied for each lane and each of its graphs. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
