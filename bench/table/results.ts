import * as v from 'valibot';

/** The kept results, as far as the tables show them. */
const origin = {
  commit: v.string(),
  date: v.string(),
  browser: v.string(),
  machine: v.object({ processor: v.string(), cores: v.number() }),
};

const summary = v.object({ min: v.number(), median: v.number(), max: v.number() });

const side = v.object({
  wordsPerSecond: summary,
  sentence: v.object({ medianMs: v.number(), p95Ms: v.number() }),
  readyMs: summary,
  peakMegabytes: v.nullable(v.number()),
});

const recogniser = v.object({
  recordingMs: summary,
  clipMs: summary,
  firstWordsMs: summary,
  readyMs: v.number(),
  peakMegabytes: v.nullable(v.number()),
});

const delays = v.nullable(v.object({ median: v.number(), p95: v.number() }));

const weight = v.object({ requests: v.number(), bytes: v.number(), gzipBytes: v.number() });

const result = v.variant('bench', [
  v.object({
    bench: v.literal('translate'),
    ...origin,
    sentences: v.number(),
    words: v.number(),
    runs: v.number(),
    emptyPageMegabytes: v.nullable(v.number()),
    duels: v.array(v.object({ threads: v.number(), glossa: side, bergamot: side })),
  }),
  v.object({
    bench: v.literal('quality-translate'),
    ...origin,
    source: v.string(),
    from: v.string(),
    to: v.string(),
    lines: v.number(),
    beams: v.number(),
    bleu: v.number(),
    chrf: v.number(),
    wordsPerSecond: v.number(),
    ran: v.object({ provider: v.string(), threads: v.number() }),
  }),
  v.object({
    bench: v.literal('quality-glossary'),
    ...origin,
    sentences: v.number(),
    beams: v.number(),
    termsAppeared: v.object({ plain: v.number(), steered: v.number() }),
    bleuElsewhere: v.object({ plain: v.number(), steered: v.number() }),
  }),
  v.object({
    bench: v.literal('size'),
    ...origin,
    firstVisit: weight,
    firstTranslation: v.object({ model: weight, wasm: weight, script: weight }),
  }),
  v.object({
    bench: v.literal('start'),
    ...origin,
    runs: v.number(),
    cold: v.object({ interactiveMs: summary, sent: weight, kept: weight }),
    warm: v.object({ interactiveMs: summary, translatedMs: summary, sent: weight }),
  }),
  v.object({
    bench: v.literal('listen'),
    ...origin,
    recording: v.object({ file: v.string(), seconds: v.number() }),
    clipSeconds: v.number(),
    threads: v.number(),
    runs: v.number(),
    glossa: recogniser,
    transformers: recogniser,
  }),
  v.object({
    bench: v.literal('live'),
    ...origin,
    recording: v.string(),
    threads: v.number(),
    phrases: v.number(),
    captionMs: delays,
    translationMs: v.optional(delays),
    firstWordsMs: delays,
    changedStableWords: v.number(),
  }),
  v.object({
    bench: v.literal('quality-listen'),
    ...origin,
    set: v.string(),
    files: v.number(),
    words: v.number(),
    wordErrorRate: v.number(),
    beside: v.optional(v.object({ wordErrorRate: v.number() })),
  }),
  v.object({
    bench: v.literal('see'),
    ...origin,
    model: v.string(),
    beams: v.number(),
    pictures: v.number(),
    sides: v.array(v.object({ threads: v.number(), medianMs: v.number(), p95Ms: v.number(), perMinute: v.number() })),
    album: v.object({ workers: v.number(), msPerPicture: v.number(), perMinute: v.number() }),
    memory: v.object({
      pictures: v.number(),
      peakMegabytesBefore: v.nullable(v.number()),
      peakMegabytes: v.nullable(v.number()),
    }),
  }),
  v.object({
    bench: v.literal('quality-see'),
    ...origin,
    set: v.string(),
    model: v.string(),
    beams: v.number(),
    pictures: v.number(),
    bleu: v.array(v.number()),
    rougeL: v.number(),
    ciderD: v.number(),
    unsure: v.number(),
  }),
  v.object({
    bench: v.literal('import'),
    ...origin,
    models: v.array(
      v.object({
        name: v.string(),
        megabytes: v.number(),
        importMs: v.number(),
        readyMs: v.number(),
        memoryMegabytes: v.number(),
        timesItsSize: v.number(),
      }),
    ),
  }),
  v.object({
    bench: v.literal('soak'),
    ...origin,
    jobs: v.number(),
    stopped: v.number(),
    killed: v.number(),
    lost: v.number(),
    mixedUp: v.number(),
    memory: v.object({ firstMegabytes: v.number(), lastMegabytes: v.number() }),
  }),
]);

export type Result = v.InferOutput<typeof result>;
export type ResultOf<Name extends Result['bench']> = Extract<Result, { bench: Name }>;

/** Reads what a result file holds. Throws where it is not a result of one of the commands. */
export function parseResult(value: unknown): Result {
  return v.parse(result, value);
}
