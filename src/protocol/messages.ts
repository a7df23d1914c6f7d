import type { WireError } from './errors.ts';
import type { Detection, DeviceInfo, ModelInfo, Progress, Provider, TranslatedSentence, Translation } from './types.ts';

/** What a call may choose about where it runs. `auto` is WASM unless measured otherwise. */
export type ProviderChoice = 'auto' | Provider;

export interface TranslateInput {
  /** A resident model's id: a worker runs one model. */
  model: string;
  provider: ProviderChoice;
  texts: string[];
  from: string;
  to: string;
  beams: number;
  /** How many other hypotheses to give for each sentence; 0 = none. */
  alternatives: number;
  glossary: [source: string, target: string][];
  /** Whether the caller listens to partial text (each costs a message). */
  partials: boolean;
}

export type TranslateEvent =
  | { type: 'partial'; item: number; sentence: number; text: string }
  | { type: 'sentence'; item: number; sentence: number; value: TranslatedSentence };

/** A translation without its sentences: they went ahead as events, and nothing crosses twice. */
export type TranslationFrame = Omit<Translation, 'sentences'>;

/** Every job a worker can be asked for: its input, its result, and what it says on the way. */
export interface Tasks {
  translate: { input: TranslateInput; output: TranslationFrame[]; event: TranslateEvent };
  /** Fetches, checks and loads a model without running it. */
  warmUp: { input: { model: string; provider: ProviderChoice }; output: DeviceInfo; event: never };
  detectLanguage: { input: { text: string }; output: Detection; event: never };
  listModels: { input: Record<string, never>; output: ModelInfo[]; event: never };
  installModel: { input: { model: string }; output: ModelInfo; event: never };
  importModel: { input: { files: File[] }; output: ModelInfo; event: never };
  removeModel: { input: { model: string }; output: null; event: never };
  verifyModel: { input: { model: string }; output: { ok: boolean; broken: string[] }; event: never };
  describeDevice: { input: { provider: ProviderChoice }; output: DeviceInfo; event: never };
}

export type TaskName = keyof Tasks;

/** Page to worker. */
export type Request =
  | { [K in TaskName]: { type: 'run'; id: number; task: K; input: Tasks[K]['input'] } }[TaskName]
  | { type: 'abort'; id: number };

/** Worker to page. Each carries the id of the run it belongs to. */
export type Reply =
  | { type: 'progress'; id: number; progress: Progress }
  | { [K in TaskName]: { type: 'event'; id: number; task: K; event: Tasks[K]['event'] } }[TaskName]
  | { [K in TaskName]: { type: 'done'; id: number; task: K; output: Tasks[K]['output'] } }[TaskName]
  | { type: 'failed'; id: number; error: WireError };
