import { parseLexicon } from '../../formats/lexicon.ts';
import { parseSentencePiece } from '../../formats/sentencepiece.ts';
import type { Manifest } from '../../protocol/manifest.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo, Progress } from '../../protocol/types.ts';
import { substituteFor } from '../features/substitutes.ts';
import { createTokeniser, type Tokeniser } from '../features/tokeniser.ts';
import { startDevice } from '../runtime/device.ts';
import type { MarianState } from '../seq2seq/marian.ts';
import type { Lexicon, StepModel } from '../seq2seq/model.ts';
import { openMarian } from '../seq2seq/openMarian.ts';
import type { PieceKinds } from '../seq2seq/steering.ts';
import { openModel } from '../store/models.ts';
import { pieceKinds } from './glossary.ts';

/** A translation model, loaded. */
export interface Translator {
  manifest: Manifest;
  device: DeviceInfo;
  /** Equal models that run at the same time. */
  lanes: StepModel<Int32Array, MarianState>[];
  tokeniser: Tokeniser;
  kinds: PieceKinds;
  lexicon: Lexicon;
}

interface LoadOptions {
  signal: AbortSignal;
  onProgress?(progress: Progress): void;
}

let resident: { key: string; translator: Promise<Translator> } | null = null;

/**
 * The one translator of this worker: loaded by the first call, given to later ones. A load that fails or is stopped is
 * forgotten, so that the next call tries again.
 * @throws EngineError what `openModel`, `openSession` and the parsers throw
 */
export function residentTranslator(model: string, provider: ProviderChoice, options: LoadOptions): Promise<Translator> {
  const key = `${model} ${provider}`;
  if (resident?.key === key) return resident.translator;
  const translator = load(model, provider, options);
  resident = { key, translator };
  translator.catch(() => {
    if (resident?.translator === translator) resident = null;
  });
  return translator;
}

async function load(id: string, choice: ProviderChoice, { signal, onProgress }: LoadOptions): Promise<Translator> {
  const device = await startDevice(choice);
  // The model outlives the call that loads it, and with it the permission to stop what it fetches.
  const loading = new AbortController();
  const stop = (): void => loading.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const { provider } = device;
    const model = await openModel(id, { provider, signal: loading.signal, ...(onProgress ? { onProgress } : {}) });
    const [lane, vocabulary, lexicon] = await Promise.all([
      openMarian({
        architecture: model.manifest.architecture,
        part: (role) => model.part(role),
        provider,
        threads: device.threads,
        signal: loading.signal,
      }),
      model.part('tokeniser'),
      model.part('lexicon'),
    ]);
    const tokeniser = createTokeniser(parseSentencePiece(vocabulary), { substitute: substituteFor });
    return {
      manifest: model.manifest,
      device,
      lanes: [lane],
      tokeniser,
      kinds: pieceKinds(tokeniser),
      lexicon: parseLexicon(lexicon),
    };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
