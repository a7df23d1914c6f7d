import { openSamplesPort } from '../capture/samplesPort.ts';
import { EngineError } from '../protocol/errors.ts';
import { gpuAdapter, type GpuAdapter } from '../protocol/gpuAdapter.ts';
import type { GivenFile, Samples } from '../protocol/messages.ts';
import type {
  Caption,
  Detection,
  DeviceInfo,
  ForeignInfo,
  ImportAbout,
  MemoryInfo,
  ModelInfo,
  ProviderTest,
  ResidentModel,
  Segment,
  Summary,
  Transcript,
} from '../protocol/types.ts';
import { caption, chooseCaptioner } from './caption.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import { checkId, checkLanguage, checkProvider, checkSignal, checkSpoken } from './checkOptions.ts';
import type { WorkerLike } from './connection.ts';
import { importModel, inspectModel } from './importModel.ts';
import type { LiveSession } from './liveEvents.ts';
import { listen, type OpenCapture } from './liveSession.ts';
import { ModelDirectory } from './modelDirectory.ts';
import type {
  CaptionOptions,
  ListenOptions,
  RunOptions,
  SummariseOptions,
  TranscribeOptions,
  TranslateSegmentsOptions,
} from './options.ts';
import { measureMemory, memoryBudgetBytes } from './memory.ts';
import { Pool } from './pool.ts';
import { Providers } from './providers.ts';
import { ProviderTests } from './providerTests.ts';
import { rememberedModels } from './rememberedModels.ts';
import { warmUpRoute } from './route.ts';
import { spawnWorker } from './spawnWorker.ts';
import { chooseSummariser, summarise } from './summarise.ts';
import { chooseRecogniser, transcribe } from './transcribe.ts';
import { chooseRoute, createTranslate, DETECTION_SAMPLE_LENGTH, type Translate } from './translate.ts';
import { translateSegments } from './translateSegments.ts';

export type { LiveEvents, LiveSession, LiveState } from './liveEvents.ts';
export type {
  CaptionOptions,
  ListenOptions,
  RunOptions,
  SummariseOptions,
  TranscribeOptions,
  TranslateSegmentsOptions,
} from './options.ts';
export type { TranslateOptions } from './translate.ts';

/** `globalThis.glossa`: what scripts, tests, the screens and an extension call. Every rejection is an EngineError. */
export interface Glossa {
  translate: Translate;
  /**
   * Writes down what is said in a file, of any length, or in samples. Where it fails or is stopped on the way, the error's
   * `partial` holds the segments (Segment[]) that were finished.
   */
  transcribe(audio: Blob | Samples, options?: TranscribeOptions): Promise<Transcript>;
  /**
   * Captions what is heard live. Throws an EngineError (bad-input) where the stream has no audio track; everything later is
   * told by the session's events.
   */
  listen(stream: MediaStream, options?: ListenOptions): LiveSession;
  /** One text for each segment: sentences that span segments are translated whole and laid back over them. */
  translateSegments(segments: Segment[], options: TranslateSegmentsOptions): Promise<string[]>;
  /** Says what is seen in a picture: an encoded one (any format the browser reads, and SVG) or decoded pixels. */
  caption(image: Blob | ImageBitmap | ImageData, options?: CaptionOptions): Promise<Caption>;
  /** Says what a text of any length is about, in fewer words, with a summariser that was imported. */
  summarise(text: string, options?: SummariseOptions): Promise<Summary>;
  detect(text: string): Promise<Detection>;
  /** Loads the model, or both, that a translation between these languages would use, so that the first one is quick. */
  warmUp(options: RunOptions & { from: string; to: string }): Promise<DeviceInfo>;
  /** The same for the model that would hear this language (any, where none is named). */
  warmUpSpeech(options?: RunOptions & { language?: string }): Promise<DeviceInfo>;
  /** The same for the model that captions pictures. */
  warmUpCaption(options?: RunOptions): Promise<DeviceInfo>;
  /** The same for the model that summarises. */
  warmUpSummary(options?: RunOptions): Promise<DeviceInfo>;
  models: Catalogue & {
    /** As they were listed last, at once; null where nothing is remembered. */
    remembered(): ModelInfo[] | null;
    list(): Promise<ModelInfo[]>;
    install(id: string, options?: RunOptions): Promise<ModelInfo>;
    /**
     * Keeps a model from files: a folder's, or an archive. What it is called and which languages it knows is read from them, and from
     * the folders in their paths, where `options` do not say.
     */
    import(files: (File | GivenFile)[], options?: RunOptions & ImportAbout): Promise<ModelInfo>;
    /** Says what the files are that could be imported. Throws an EngineError that names what is missing. */
    inspect(files: (File | GivenFile)[], options?: RunOptions): Promise<ForeignInfo>;
    remove(id: string): Promise<void>;
    /** Reads every stored part again and compares its sha256. */
    verify(id: string, options?: RunOptions): Promise<{ ok: boolean; broken: string[] }>;
    /** Tries a model on WebGPU again, and decides anew where it runs when nobody chooses. */
    test(id: string, options?: Pick<RunOptions, 'signal'>): Promise<ProviderTest>;
    /** The models that are in memory now, the one used longest ago first. */
    resident(): Promise<ResidentModel[]>;
    /** Gives a model's memory back: its workers end, and what they were doing fails. */
    unload(id: string): Promise<void>;
  };
  /** Waits for the browser to measure, which takes up to some twenty seconds. */
  memory(): Promise<MemoryInfo>;
  device(): Promise<DeviceInfo>;
}

export interface GlossaSettings {
  /** Starts a worker; tests give another. */
  spawn?: () => WorkerLike;
  /** How much memory resident models may take before the one used longest ago goes. */
  budgetBytes?: number;
  /** Reads the graphics adapter; tests give another. */
  readAdapter?: () => Promise<GpuAdapter | null>;
  /** How long the engine rests before a model is tested on WebGPU. */
  restMs?: number;
  /** Turns a stream into samples; tests give another. */
  openCapture?: OpenCapture;
}

/** The engine as a page uses it. No worker is started before the first call. */
export function createGlossa({
  spawn = spawnWorker,
  budgetBytes = memoryBudgetBytes(),
  readAdapter = gpuAdapter,
  restMs,
  openCapture = openSamplesPort,
}: GlossaSettings = {}): Glossa {
  const providers = new Providers(readAdapter);
  const tests = new ProviderTests(spawn, providers, restMs);
  const pool = new Pool(spawn, budgetBytes, providers, tests);
  const directory = new ModelDirectory(() => pool.manage('listModels', {}, {}));
  const translate = createTranslate(pool, directory);
  let measuredBytes: number | undefined;
  /** A model was kept that may take the place of one that is loaded. */
  const replaced = ({ id }: ModelInfo): void => {
    pool.unload(id, removedError(id));
    directory.forget();
  };

  return {
    translate,
    transcribe: (audio, options) => transcribe(pool, directory, audio, options),
    listen: (stream, options) => listen({ pool, directory, translate, openCapture }, stream, options),
    translateSegments: (segments, options) => translateSegments(translate, segments, options),
    caption: (image, options) => caption(pool, directory, image, options),
    summarise: (text, options) => summarise(pool, directory, text, options),
    async detect(text) {
      if (typeof text !== 'string') throw new EngineError('bad-input', 'The text to detect must be a string.');
      return pool.manage('detectLanguage', { text: text.slice(0, DETECTION_SAMPLE_LENGTH) }, {});
    },
    async warmUp({ signal, onProgress, ...options }) {
      checkSignal(signal);
      const provider = checkProvider(options.provider);
      const from = options.from === 'auto' ? null : checkLanguage(options.from, 'from');
      const route = await chooseRoute(directory, options.model, from, checkLanguage(options.to, 'to'), signal);
      return warmUpRoute(pool, route, provider, { signal, onProgress });
    },
    async warmUpSpeech({ signal, onProgress, ...options } = {}) {
      checkSignal(signal);
      const provider = checkProvider(options.provider);
      const model = await chooseRecogniser(directory, options.model, checkSpoken(options.language), signal);
      return pool.warmUp(model, provider, { signal, onProgress });
    },
    async warmUpCaption({ signal, onProgress, ...options } = {}) {
      checkSignal(signal);
      const provider = checkProvider(options.provider);
      return pool.warmUp(await chooseCaptioner(directory, options.model, signal), provider, { signal, onProgress });
    },
    async warmUpSummary({ signal, onProgress, ...options } = {}) {
      checkSignal(signal);
      const provider = checkProvider(options.provider);
      return pool.warmUp(await chooseSummariser(directory, options.model, signal), provider, { signal, onProgress });
    },
    models: {
      remembered: rememberedModels,
      async list() {
        const residents = new Map(pool.resident().map((resident) => [resident.model, resident]));
        return (await directory.refresh()).map((model) => {
          const tested = providers.known(model);
          return { ...withResident(model, residents.get(model.id)), ...(tested && { tested }) };
        });
      },
      async install(id, { signal, onProgress } = {}) {
        checkSignal(signal);
        pool.keepStorage();
        const info = await pool.manage('installModel', { model: checkId(id) }, { signal, onProgress });
        directory.forget();
        return info;
      },
      async import(files, options = {}) {
        const info = await importModel(pool, files, options);
        replaced(info);
        return info;
      },
      ...createCatalogue(pool, replaced),
      inspect: (files, options = {}) => inspectModel(pool, files, options),
      async remove(id) {
        pool.unload(checkId(id), removedError(id));
        await pool.manage('removeModel', { model: id }, {});
        directory.forget();
      },
      async verify(id, { signal, onProgress } = {}) {
        checkSignal(signal);
        return pool.manage('verifyModel', { model: checkId(id) }, { signal, onProgress });
      },
      async test(id, { signal } = {}) {
        checkSignal(signal);
        const model = (await directory.known(signal)).find((known) => known.id === checkId(id));
        if (!model)
          throw new EngineError('model-missing', `There is no model "${id}". models.list() gives those there are.`);
        return tests.test(model, signal);
      },
      resident: () => Promise.resolve(pool.resident()),
      async unload(id) {
        pool.unload(checkId(id), new EngineError('aborted', `The model "${id}" was unloaded.`));
      },
    },
    async memory() {
      measuredBytes = await measureMemory();
      const residentBytes = sum(pool.resident());
      return { budgetBytes, residentBytes, ...(measuredBytes !== undefined && { measuredBytes }) };
    },
    async device() {
      const device = await pool.manage('describeDevice', { provider: 'auto' }, {});
      return { ...device, memoryBytes: measuredBytes ?? sum(pool.resident()) };
    },
  };
}

/** What the pool knows of its last use is newer than what is kept. */
function withResident(model: ModelInfo, resident: ResidentModel | undefined): ModelInfo {
  if (!resident) return model;
  return { ...model, resident, lastUsedAt: Math.max(resident.lastUsedAt, model.lastUsedAt ?? 0) };
}

const sum = (residents: ResidentModel[]): number => residents.reduce((total, { bytes }) => total + bytes, 0);

const removedError = (id: string): EngineError =>
  new EngineError('model-missing', `The model "${id}" was removed while it was in use.`);
