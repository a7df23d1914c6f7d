/** One engine in a browser of its own, ready to be timed. All times are taken inside its page. */
export interface Contestant {
  /** Threads it computes on. */
  threads: number;
  /** From the start of its worker to the first translated sentence, files cached, in ms. */
  readyMs: number;
  /** Chromium's version. */
  browser: string;
  /** All lines in one call. */
  translateAll(lines: string[]): Promise<{ ms: number; targets: string[] }>;
  /** The lines one after another, each a call of its own; how long each took, in ms. */
  translateEach(lines: string[]): Promise<number[]>;
  /** Highest resident size of its page's process so far, in bytes; null where the system does not say. */
  peakResidentBytes: () => number | null;
  close: () => Promise<void>;
}
