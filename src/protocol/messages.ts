import type { CatalogueEntry, SourceInfo } from './catalogue.ts';
import type { WireError } from './errors.ts';
import type { SourceId } from './hosts.ts';
import type {
  Caption,
  Detection,
  DeviceInfo,
  ForeignInfo,
  ImportAbout,
  Link,
  ModelInfo,
  ModelKind,
  Progress,
  Provider,
  ProviderTest,
  Segment,
  Summary,
  SummaryLength,
  Transcript,
  TranslatedSentence,
  Translation,
  Word,
} from './types.ts';

/** What a call may choose about where it runs. `auto` is WASM until WebGPU was found right and faster for the model here. */
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
  /**
   * What the texts are translations of, one for each, where this is the second half of a translation through a third
   * language. The glossary's sources are then looked for in them, and the warnings of a frame say what of them is lost.
   */
  originals?: Original[];
}

/** A sentence, and its links to a translation of it. */
export interface Original {
  text: string;
  alignment: Link[];
}

export type TranslateEvent =
  | { type: 'partial'; item: number; sentence: number; text: string }
  | { type: 'sentence'; item: number; sentence: number; value: TranslatedSentence };

/** What speech models are asked, whether of a file or of a microphone. */
export interface SpeechInput {
  /** A resident model's id: a worker runs one model. */
  model: string;
  provider: ProviderChoice;
  /** BCP-47, or `auto`: a model that knows several detects which is spoken, window by window. */
  language: string;
  /** Those that `auto` chooses among, BCP-47; empty: all that the model knows. */
  among: string[];
  /** `translate` is Whisper's own translation into English. */
  task: 'transcribe' | 'translate';
  /** Whether segments carry words with their times. */
  words: boolean;
  /** Width of the search; 1 is greedy. */
  beams: number;
}

/** Mono samples in -1..1. */
export interface Samples {
  samples: Float32Array;
  sampleRateHz: number;
}

export interface TranscribeInput extends SpeechInput {
  audio: Blob | Samples;
  /** Seconds of the audio before which nothing is heard; times are those of the whole audio all the same. */
  fromS: number;
  /** Seconds of the audio after which nothing is heard; null: its end. */
  untilS: number | null;
}

export interface TranscribeEvent {
  type: 'segment';
  segment: Segment;
}

/** What comes through the port of a live session, from the page's audio worklet; null ends the session. */
export type LiveAudio = Samples | null;

export interface ListenInput extends SpeechInput {
  /** Receives LiveAudio; transferred with the request. */
  audio: MessagePort;
}

/** Times are seconds of audio received. */
export type ListenEvent =
  /** Words at the end of the open phrase that two passes agreed on: from now on they never change. */
  | { type: 'stable'; words: Word[] }
  /** What may still change, after all stable words; empty when there is none. */
  | { type: 'tail'; text: string }
  /**
   * The open phrase ended. Its text begins with its stable words, letter for letter; only where speech without a pause is cut
   * does it end within them, and the rest of them is told again as the next phrase's. `spokenEndS`: when the voice ended.
   */
  | { type: 'phrase'; segment: Segment; spokenEndS: number }
  /** All that was said before has been told: the audio before this is not needed any more. About once a second. */
  | { type: 'heard'; untilS: number }
  /** The model is loaded: from now on what comes in is heard as it comes. */
  | { type: 'ready' }
  /** How much audio waits to be heard; 0 once caught up. Nothing is thrown away. */
  | { type: 'behind'; seconds: number };

export interface CaptionInput {
  /** A resident model's id: a worker runs one model. */
  model: string;
  provider: ProviderChoice;
  /** An encoded picture, or decoded pixels. */
  image: Blob | ImageBitmap | ImageData;
  beams: number;
  /** How many other hypotheses to give; 0 = none. */
  alternatives: number;
  /** Whether the caller listens to partial text (each costs a message). */
  partials: boolean;
  /** At most so many threads, where other workers want theirs; absent: as many as the device has. */
  threads?: number;
}

/** The likeliest caption so far, whole. */
export interface CaptionEvent {
  type: 'partial';
  text: string;
}

export interface SummariseInput {
  /** A resident model's id: a worker runs one model. */
  model: string;
  provider: ProviderChoice;
  text: string;
  length: SummaryLength;
  /** Whether the caller listens to partial text (each costs a message). */
  partials: boolean;
}

/** The summary so far, whole. */
export interface SummariseEvent {
  type: 'partial';
  text: string;
}

/** A translation without its sentences: they went ahead as events, and nothing crosses twice. */
export type TranslationFrame = Omit<Translation, 'sentences'>;

/** A file that the reader chose or dropped. */
export interface GivenFile {
  /** Its name after the folders it was chosen with: a File does not take them to another thread. */
  path: string;
  file: Blob;
}

/** Every job a worker can be asked for: its input, its result, and what it says on the way. */
export interface Tasks {
  translate: { input: TranslateInput; output: TranslationFrame[]; event: TranslateEvent };
  transcribe: { input: TranscribeInput; output: Transcript; event: TranscribeEvent };
  listen: { input: ListenInput; output: Transcript; event: ListenEvent };
  caption: { input: CaptionInput; output: Caption; event: CaptionEvent };
  summarise: { input: SummariseInput; output: Summary; event: SummariseEvent };
  /** Fetches, checks and loads a model without running it. */
  warmUp: { input: { model: string; provider: ProviderChoice; kind: ModelKind }; output: DeviceInfo; event: never };
  detectLanguage: { input: { text: string }; output: Detection; event: never };
  listModels: { input: Record<string, never>; output: ModelInfo[]; event: never };
  installModel: { input: { model: string }; output: ModelInfo; event: never };
  importModel: { input: { files: GivenFile[]; about: ImportAbout }; output: ModelInfo; event: never };
  /** Says what some files are, without keeping anything. */
  inspectModel: { input: { files: GivenFile[] }; output: ForeignInfo; event: never };
  listSources: { input: Record<string, never>; output: SourceInfo[]; event: never };
  /** `repository`: on the Hub, `owner/name`; empty elsewhere. */
  listCatalogue: { input: { source: SourceId; repository: string }; output: CatalogueEntry[]; event: never };
  listBegun: { input: Record<string, never>; output: CatalogueEntry[]; event: never };
  installFrom: { input: { entry: CatalogueEntry }; output: ModelInfo; event: never };
  forgetBegun: { input: { id: string }; output: null; event: never };
  removeModel: { input: { model: string }; output: null; event: never };
  verifyModel: { input: { model: string }; output: { ok: boolean; broken: string[] }; event: never };
  /** Runs a model on WASM and on WebGPU, compares and times. `software`: on a software adapter, too. */
  testProviders: {
    input: { model: string; kind: ModelKind; software: boolean };
    output: ProviderTest;
    event: never;
  };
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
