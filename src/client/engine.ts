import { abortedError, EngineError } from '../protocol/errors.ts';
import type { ProviderChoice, TranslateEvent } from '../protocol/messages.ts';
import type { Detection, DeviceInfo, ModelInfo, Progress, TranslatedSentence, Translation } from '../protocol/types.ts';
import {
  checkCount,
  checkGlossary,
  checkId,
  checkLanguage,
  checkProvider,
  checkSignal,
  checkTexts,
} from './checkOptions.ts';
import { fittingModels, noModelError, ownTag } from './chooseModel.ts';
import type { WorkerLike } from './connection.ts';
import { memoryBudgetBytes, Pool } from './pool.ts';

/** A sentence that is finished. `index` counts those of its item; sentences may end out of order. */
export interface FinishedSentence {
  item: number;
  index: number;
  sentence: TranslatedSentence;
}

/** What every call takes. */
export interface RunOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** A model's id; absent: the installed model that fits. */
  model?: string;
  provider?: ProviderChoice;
  /** Inputs are copied to the worker unless this is true. */
  transfer?: boolean;
}

export interface TranslateOptions extends RunOptions {
  /** BCP-47 tag (`pt` answers for `pt-BR`) or `auto`. */
  from: string;
  to: string;
  /** 1 (greedy, the default) to 8. */
  beams?: number;
  /** How many other hypotheses to give for each sentence, 0 (the default) to 8. */
  alternatives?: number;
  glossary?: [source: string, target: string][];
  /** `text` is the whole sentence so far. */
  onPartial?: (partial: { item: number; sentence: number; text: string }) => void;
  /** What a call that fails or is stopped had finished is in the error's `partial`, as a FinishedSentence[]. */
  onSentence?: (done: FinishedSentence) => void;
}

/** `globalThis.glossa`: what scripts, tests, the screens and an extension call. Every rejection is an EngineError. */
export interface Glossa {
  translate(input: string, options: TranslateOptions): Promise<Translation>;
  translate(input: string[], options: TranslateOptions): Promise<Translation[]>;
  detect(text: string): Promise<Detection>;
  /** Loads the model that a translation between these languages would use, so that the first one is quick. */
  warmUp(options: RunOptions & { from: string; to: string }): Promise<DeviceInfo>;
  models: {
    list(): Promise<ModelInfo[]>;
    install(id: string, options?: RunOptions): Promise<ModelInfo>;
    import(files: File[], options?: RunOptions): Promise<ModelInfo>;
    remove(id: string): Promise<void>;
    /** Reads every stored part again and compares its sha256. */
    verify(id: string): Promise<{ ok: boolean; broken: string[] }>;
  };
  device(): Promise<DeviceInfo>;
}

/** Enough text for its language to be detected. */
const DETECTION_SAMPLE_LENGTH = 2000;

export interface GlossaSettings {
  /** Starts a worker; tests give another. */
  spawn?: () => WorkerLike;
  /** How much memory resident models may take before the one used longest ago goes. */
  budgetBytes?: number;
}

/** The engine as a page uses it. No worker is started before the first call. */
export function createGlossa({ spawn = spawnWorker, budgetBytes = memoryBudgetBytes() }: GlossaSettings = {}): Glossa {
  const pool = new Pool(spawn, budgetBytes);
  let known: Promise<ModelInfo[]> | undefined;

  /** The models as they were listed last: which languages they translate does not change from call to call. */
  function knownModels(): Promise<ModelInfo[]> {
    known ??= refreshModels();
    return known;
  }

  function refreshModels(): Promise<ModelInfo[]> {
    const listed = pool.manage('listModels', {}, {});
    known = listed;
    listed.catch(() => {
      if (known === listed) known = undefined;
    });
    return listed;
  }

  async function chooseModel(id: unknown, from: string | null, to: string, signal?: AbortSignal): Promise<ModelInfo> {
    const choose = (models: ModelInfo[]): ModelInfo | undefined => {
      const candidates = id === undefined ? models : models.filter((model) => model.id === checkId(id));
      return fittingModels(candidates, from, to)[0];
    };
    const model = choose(await unlessAborted(knownModels(), signal));
    if (model) return model;
    // A model may have been added since.
    const models = await unlessAborted(refreshModels(), signal);
    const added = choose(models);
    if (added) return added;
    if (id !== undefined && !models.some((candidate) => candidate.id === id)) {
      throw new EngineError(
        'model-missing',
        `There is no model "${checkId(id)}". models.list() gives those there are.`,
      );
    }
    throw noModelError(models, from, to);
  }

  /** The model for texts in an unknown language: a guess that is not sure gives way to a language that can be translated. */
  async function detectAndChoose(
    texts: string[],
    id: unknown,
    to: string,
    signal?: AbortSignal,
  ): Promise<[ModelInfo, string]> {
    const text = texts.join('\n').slice(0, DETECTION_SAMPLE_LENGTH);
    const { language, reliable } = await pool.manage('detectLanguage', { text }, { signal });
    if (language !== null) {
      const fitting = fittingModels(await unlessAborted(knownModels(), signal), language, to);
      if (reliable || fitting.length > 0) {
        const model = await chooseModel(id, language, to, signal);
        return [model, ownTag(model.from, language)];
      }
    }
    const model = await chooseModel(id, null, to, signal);
    return [model, model.from[0] ?? 'und'];
  }

  function translate(input: string, options: TranslateOptions): Promise<Translation>;
  function translate(input: string[], options: TranslateOptions): Promise<Translation[]>;
  async function translate(input: string | string[], options: TranslateOptions): Promise<Translation | Translation[]> {
    checkTexts(input);
    checkSignal(options.signal);
    const { signal, onProgress, onPartial, onSentence } = options;
    const texts = typeof input === 'string' ? [input] : input;
    const to = checkLanguage(options.to, 'to');
    const asked = options.from === 'auto' ? null : checkLanguage(options.from, 'from');
    const provider = checkProvider(options.provider);
    const beams = checkCount(options.beams, 'beams', [1, 8], 1);
    const alternatives = checkCount(options.alternatives, 'alternatives', [0, 8], 0);
    const glossary = checkGlossary(options.glossary);
    if (texts.length === 0) return [];

    const [model, from] =
      asked === null
        ? await detectAndChoose(texts, options.model, to, signal)
        : await chooseModel(options.model, asked, to, signal).then((chosen): [ModelInfo, string] => [chosen, asked]);

    const finished: FinishedSentence[] = [];
    function onEvent(event: TranslateEvent): void {
      if (event.type === 'partial') {
        onPartial?.({ item: event.item, sentence: event.sentence, text: event.text });
      } else {
        const done = { item: event.item, index: event.sentence, sentence: event.value };
        finished.push(done);
        onSentence?.(done);
      }
    }
    try {
      const frames = await pool.run(
        model,
        provider,
        'translate',
        {
          model: model.id,
          provider,
          texts,
          from,
          to,
          beams,
          alternatives,
          glossary,
          partials: onPartial !== undefined,
        },
        { signal, onProgress, onEvent },
      );
      const translations = frames.map((frame): Translation => ({ ...frame, sentences: [] }));
      for (const { item, index, sentence } of finished) {
        const translation = translations[item];
        if (translation) translation.sentences[index] = sentence;
      }
      const [first] = translations;
      if (typeof input !== 'string') return translations;
      if (!first) throw new EngineError('internal', 'The worker gave no translation.');
      return first;
    } catch (error) {
      if (!(error instanceof EngineError) || finished.length === 0) throw error;
      throw new EngineError(error.code, error.message, { partial: finished, cause: error });
    }
  }

  return {
    translate,
    async detect(text) {
      if (typeof text !== 'string') throw new EngineError('bad-input', 'The text to detect must be a string.');
      return pool.manage('detectLanguage', { text: text.slice(0, DETECTION_SAMPLE_LENGTH) }, {});
    },
    async warmUp({ signal, onProgress, ...options }) {
      checkSignal(signal);
      const provider = checkProvider(options.provider);
      const from = options.from === 'auto' ? null : checkLanguage(options.from, 'from');
      const model = await chooseModel(options.model, from, checkLanguage(options.to, 'to'), signal);
      return pool.run(model, provider, 'warmUp', { model: model.id, provider }, { signal, onProgress });
    },
    models: {
      list: refreshModels,
      async install(id, { signal, onProgress } = {}) {
        checkSignal(signal);
        keepStorage();
        const info = await pool.manage('installModel', { model: checkId(id) }, { signal, onProgress });
        known = undefined;
        return info;
      },
      async import(files, { signal, onProgress } = {}) {
        checkSignal(signal);
        if (!Array.isArray(files) || !files.every((file) => file instanceof File)) {
          throw new EngineError('bad-input', 'A model is imported from an array of File objects.');
        }
        keepStorage();
        const info = await pool.manage('importModel', { files }, { signal, onProgress });
        pool.unload(info.id);
        known = undefined;
        return info;
      },
      async remove(id) {
        pool.unload(checkId(id));
        await pool.manage('removeModel', { model: id }, {});
        known = undefined;
      },
      async verify(id) {
        return pool.manage('verifyModel', { model: checkId(id) }, {});
      },
    },
    async device() {
      return pool.manage('describeDevice', { provider: 'auto' }, {});
    },
  };
}

/** Asks the browser not to clear away what is stored: workers cannot ask. Some ask the reader, so nothing waits for it. */
function keepStorage(): void {
  if ('storage' in navigator) navigator.storage.persist().catch(() => false);
}

/** A promise shared between callers, for one of them: it rejects when that one stops. */
function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(abortedError());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function spawnWorker(): WorkerLike {
  return new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });
}
