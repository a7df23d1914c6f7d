import type { ProviderChoice } from '../protocol/messages.ts';
import type { Detection, DeviceInfo, ModelInfo, Progress, TranslatedSentence, Translation } from '../protocol/types.ts';

/** What every call takes. */
export interface RunOptions {
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
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
  onPartial?(partial: { item: number; sentence: number; text: string }): void;
  /** `index` counts the sentences of the item, as `sentence` does in onPartial; sentences may end out of order. */
  onSentence?(done: { item: number; index: number; sentence: TranslatedSentence }): void;
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
