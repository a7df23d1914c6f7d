import type { ErrorCode } from './errors.ts';

/** Plain types that cross between page and worker, and that the public API speaks in. No functions, no classes. */

/** UTF-16 offsets `[from, to)`. */
export type Range = [from: number, to: number];

export type Provider = 'wasm' | 'webgpu';

export interface Progress {
  stage: 'download' | 'convert' | 'load' | 'encode' | 'decode';
  /** Never decreases; ends equal to `total`. */
  done: number;
  /** Constant for one stage. */
  total: number;
  unit: 'bytes' | 'tokens' | 'seconds' | 'items';
}

/** Where and how long a call ran. */
export interface Ran {
  model: string;
  provider: Provider;
  threads: number;
  ms: number;
  /** Why it ended on WASM where it had begun on WebGPU. */
  fellBack?: ErrorCode;
}

/**
 * How a model did on WebGPU here. `faster`: right, and so much faster than WASM that it is used; `slower`: right; `wrong`: other
 * numbers than the same graphs give on WASM; `failed`: could not be run, or was lost at work; `software`: the adapter is the
 * processor in disguise; `none`: no adapter, or no graphs for it.
 */
export interface ProviderTest {
  verdict: 'faster' | 'slower' | 'wrong' | 'failed' | 'software' | 'none';
  /** The graphics adapter, as the browser names it; empty without one. */
  adapter: string;
  /** What the same work took. */
  wasmMs?: number;
  webgpuMs?: number;
  /** What went wrong, as one sentence. */
  reason?: string;
}

export type WarningCode =
  | 'lost-number'
  | 'lost-url'
  | 'lost-email'
  | 'lost-emoji'
  | 'lost-placeholder'
  | 'lost-term'
  | 'repetition'
  | 'copied'
  | 'nothing-to-translate'
  | 'other-language'
  | 'unreadable-characters';

export interface Warning {
  code: WarningCode;
  /** An English sentence; screens translate by `code` and show `found` in it. */
  message: string;
  /** What was lost, or which language it looks like. */
  found?: string;
  /** Where, in the source of the sentence the warning stands on (or of the whole text, on a Translation). */
  range?: Range;
}

/** A word-alignment link between a range of the source sentence and a range of the target sentence. */
export interface Link {
  source: Range;
  target: Range;
  /** Attention mass in 0..1. */
  weight: number;
}

export interface Alternative {
  text: string;
  /** Mean log-probability per token. */
  score: number;
  alignment: Link[];
}

export interface TranslatedSentence {
  source: string;
  target: string;
  /** In the whole source text. */
  sourceRange: Range;
  /** In the whole target text. */
  targetRange: Range;
  /** Mean log-probability per token. */
  score: number;
  alignment: Link[];
  alternatives: Alternative[];
  warnings: Warning[];
}

export interface Translation {
  text: string;
  from: string;
  to: string;
  via?: string;
  sentences: TranslatedSentence[];
  warnings: Warning[];
  ran: Ran;
}

/** A guess at the language of a text. */
export interface Detection {
  /** BCP-47, or null where the text is too short or has no letters. */
  language: string | null;
  /** 0..1 */
  confidence: number;
  /** Whether the detector itself calls the guess reliable. */
  reliable: boolean;
}

/** A word of a transcript. Times are seconds from the start of the audio; words of a segment do not overlap. */
export interface Word {
  /** With the space before it, where there is one, and its punctuation: the words of a segment joined are its text. */
  text: string;
  startS: number;
  endS: number;
  /** Mean probability of its tokens, 0..1. */
  probability: number;
}

/** What was said in one breath: a caption. Segments do not overlap and stand in the order of their times. */
export interface Segment {
  startS: number;
  endS: number;
  text: string;
  /** What is spoken. BCP-47. */
  language: string;
  /** How likely the model finds it that this is spoken, 0..1; present where it detected the language. */
  languageProbability?: number;
  /** The language of the text, where the model translated what was said. BCP-47. */
  textLanguage?: string;
  /** Present where word times were asked for, and the model shows them. */
  words?: Word[];
}

/** In which language something is said and written, and how sure that is. */
export type SpokenIn = Pick<Segment, 'language' | 'languageProbability' | 'textLanguage'>;

export interface Transcript {
  text: string;
  /** What is spoken most of the time. BCP-47. */
  language: string;
  /** The language of the text, where the model translated what was said. BCP-47. */
  textLanguage?: string;
  segments: Segment[];
  ran: Ran;
}

export type SummaryLength = 'short' | 'medium' | 'long';

/** What a text is about, in fewer words. */
export interface Summary {
  text: string;
  /** How many parts the text was read in, because it is longer than the model reads at once. */
  parts: number;
  ran: Ran;
}

/** A word of a caption, and where the model looked when it said it. */
export interface CaptionWord {
  text: string;
  /** 0..1 */
  probability: number;
  /** [rows * columns] of the caption's grid, row by row from the top left; sums to 1. */
  attention: Float32Array;
}

/** What a classifier beside the captioner recognises in the picture. */
export interface Tag {
  /** An everyday name: "red panda". */
  text: string;
  /** 0..1 */
  probability: number;
}

export interface CaptionAlternative {
  text: string;
  /** Mean log-probability per token. */
  score: number;
}

/** What is seen in a picture. */
export interface Caption {
  text: string;
  /** Mean log-probability per token. */
  score: number;
  /** How likely the caption is to be right, 0..1, as measured on pictures kept from training. */
  confidence: number;
  /** Whether the caption is too likely wrong to be used unread. */
  unsure: boolean;
  alternatives: CaptionAlternative[];
  words: CaptionWord[];
  /** Cells that `attention` is laid over, the whole picture. */
  grid: [rows: number, columns: number];
  /** The likeliest first. */
  tags: Tag[];
  /** The picture's size as it is shown (its orientation applied), in pixels. */
  width: number;
  height: number;
  ran: Ran;
}

/** `voice-activity` models are fetched with the speech models that need them, and are not offered by themselves. */
export type ModelKind = 'translation' | 'speech' | 'voice-activity' | 'captioning' | 'summary';

/** What is to be said of a model that is imported, where its files do not say it, or not rightly. */
export interface ImportAbout {
  /** Lower-case letters, digits, dots and hyphens; absent: made of its name. */
  id?: string;
  name?: string;
  /** BCP-47 tags of what it reads or hears, and of what it writes. */
  from?: string[];
  to?: string[];
  licence?: string;
  licenceUrl?: string;
  source?: string;
  sourceUrl?: string;
}

/** What some files are, as far as can be said without converting them. */
export interface ForeignInfo {
  /** "Firefox Translations", "Argos Translate", "Glossa". */
  format: string;
  kind: ModelKind;
  name: string;
  /** Empty: the files do not say. */
  from: string[];
  to: string[];
  /** Of all the files. */
  sizeBytes: number;
}

export type ModelState = 'available' | 'partial' | 'installed';

/** How good a model is, as it was measured: "BLEU 46.9 on FLORES-101 dev". */
export interface Quality {
  measure: string;
  value: number;
  /** `%`, where the measure counts something. */
  unit?: string | undefined;
  set: string;
}

export interface ModelInfo {
  id: string;
  kind: ModelKind;
  /** What to show: "English → Portuguese", "Whisper tiny, English". */
  name: string;
  /** The languages it reads or hears, and those it writes. */
  from: string[];
  to: string[];
  /** Bytes still to be fetched are `downloadBytes - storedBytes`. */
  downloadBytes: number;
  storedBytes: number;
  /** Bytes once unpacked: what it takes on this device. */
  unpackedBytes: number;
  /** What it takes on this device now, begun downloads included. Of what two models share, each has the whole. */
  diskBytes: number;
  /** Empty: nobody said. */
  licence: string;
  /** The licence's text, on the web. */
  licenceUrl?: string | undefined;
  source: string;
  sourceUrl?: string | undefined;
  quality?: Quality | undefined;
  state: ModelState;
  /** Present where it came from the reader's own files, or from a source that the reader chose: it cannot be fetched again from here. */
  brought?: true;
  /** When it was last run, in milliseconds since 1970, to the minute. */
  lastUsedAt?: number;
  /** When all its files were last compared with their checksums. */
  verifiedAt?: number;
  /** Present while it is loaded. */
  resident?: ResidentModel;
  /** Which weights these are: the SHA-256 of the first of its files. */
  sha256?: string;
  /** How it did on WebGPU, where that was tried in this browser. */
  tested?: ProviderTest;
}

/** A model that is loaded, in one worker or in several. */
export interface ResidentModel {
  model: string;
  provider: Provider;
  workers: number;
  /** What it takes of memory, reckoned from its size. */
  bytes: number;
  busy: boolean;
  /** In milliseconds since 1970. */
  lastUsedAt: number;
}

export interface MemoryInfo {
  /** What models may take on this device before the one used longest ago goes. */
  budgetBytes: number;
  /** What the loaded models are reckoned at. */
  residentBytes: number;
  /** What the page and its workers take, as the browser measures it; absent where it does not. */
  measuredBytes?: number;
}

export interface DeviceInfo {
  provider: Provider;
  threads: number;
  isolated: boolean;
  /** One sentence: why this provider and thread count. */
  why: string;
  /** What the page takes: as it was last measured (`memory()`), otherwise what its loaded models are reckoned at. */
  memoryBytes?: number;
}
