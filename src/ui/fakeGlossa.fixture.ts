import type { Glossa, LiveEvents, LiveSession, TranslateOptions } from '../client/engine.ts';
import { EngineError } from '../protocol/errors.ts';
import type { Caption, ModelInfo, Segment, Transcript, TranslatedSentence, Translation } from '../protocol/types.ts';

const model = (from: string, to: string): ModelInfo => ({
  id: `${from}-${to}`,
  kind: 'translation',
  name: `${from} → ${to}`,
  from: [from],
  to: [to],
  downloadBytes: 15_700_000,
  storedBytes: 15_700_000,
  unpackedBytes: 20_000_000,
  diskBytes: 20_000_000,
  licence: 'MPL-2.0',
  source: 'tests',
  state: 'installed',
});

export const captioner: ModelInfo = {
  ...model('en', 'en'),
  id: 'caption',
  kind: 'captioning',
  name: 'small',
  from: [],
  downloadBytes: 13_000_000,
};

/** What the fake engine sees in every picture: surely, or hardly. */
export function seen({ unsure = false, text = 'a brown cat sits on a table' } = {}): Caption {
  const words = text.split(' ').map((word, i) => ({
    text: word,
    probability: 0.9,
    attention: Float32Array.from({ length: 16 }, (_, cell) => (cell === i % 16 ? 1 : 0)),
  }));
  return {
    text,
    score: -0.4,
    confidence: unsure ? 0.2 : 0.85,
    unsure,
    alternatives: [
      { text: 'a cat on a table', score: -0.6 },
      { text: 'a close-up of a cat', score: -0.7 },
    ],
    words,
    grid: [4, 4],
    tags: [
      { text: 'cat', probability: 0.76 },
      { text: 'lynx', probability: 0.08 },
    ],
    width: 640,
    height: 480,
    ran: { model: 'caption', provider: 'wasm', threads: 2, ms: 96 },
  };
}

/** Files whose names say how the fake engine takes them: `broken`, `unsure`. */
const caption: Glossa['caption'] = async (image, options) => {
  const name = image instanceof File ? image.name : '';
  if (image instanceof Blob && (image.size === 0 || name.includes('broken'))) {
    throw new EngineError('bad-input', 'The picture could not be decoded.');
  }
  options?.onPartial?.('a brown');
  return seen({ unsure: name.includes('unsure') });
};

const speech: ModelInfo = { ...model('en', 'en'), id: 'whisper', kind: 'speech', downloadBytes: 41_000_000 };

/** What the fake engine hears in every file. */
export const HEARD: Segment[] = [
  { startS: 0, endS: 2, text: ' The house is blue.', language: 'en', words: words(0, ['The', 'house', 'is', 'blue.']) },
  { startS: 2.5, endS: 4.5, text: ' Nobody knows', language: 'en', words: words(2.5, ['Nobody', 'knows']) },
  { startS: 4.5, endS: 6, text: ' why it is.', language: 'en', words: words(4.5, ['why', 'it', 'is.']) },
];

/** Half a second a word; "Nobody" was hardly understood. */
function words(startS: number, texts: string[]): NonNullable<Segment['words']> {
  return texts.map((text, i) => ({
    text: ` ${text}`,
    startS: startS + i / 2,
    endS: startS + (i + 1) / 2,
    probability: text === 'Nobody' ? 0.2 : 0.9,
  }));
}

const transcriptOf = (segments: Segment[]): Transcript => ({
  text: segments.map(({ text }) => text).join(''),
  language: 'en',
  segments,
  ran: { model: 'whisper', provider: 'wasm', threads: 2, ms: 500 },
});

export interface FakeSession extends LiveSession {
  emit<K extends keyof LiveEvents>(type: K, event: LiveEvents[K]): void;
}

/** A live session that says what a test makes it say. */
export function fakeSession(): FakeSession {
  const listeners: { [K in keyof LiveEvents]: ((event: LiveEvents[K]) => void)[] } = {
    stable: [],
    tail: [],
    phrase: [],
    translation: [],
    level: [],
    behind: [],
    state: [],
    error: [],
  };
  let state: LiveSession['state'] = 'starting';
  const session: FakeSession = {
    get state() {
      return state;
    },
    emit: (type, event) => {
      for (const listener of listeners[type]) listener(event);
    },
    on: (type, listener) => {
      listeners[type].push(listener);
      return () => undefined;
    },
    pause: () => change('paused'),
    resume: () => change('listening'),
    stop: () => {
      change('ended');
      return Promise.resolve(transcriptOf([]));
    },
  };
  function change(next: LiveSession['state']): void {
    state = next;
    session.emit('state', next);
  }
  return session;
}

/** An engine for tests of the screens: it "translates" by writing in capitals, and loses the digit 7. */
export function fakeGlossa(overrides: Partial<Glossa> = {}): Glossa {
  function translateOne(text: string, options: TranslateOptions, item: number): Translation {
    const sentences = [...text.matchAll(/[^.!?\s][^.!?]*[.!?]*/g)].map((match, index): TranslatedSentence => {
      const source = match[0];
      const range: [number, number] = [match.index, match.index + source.length];
      const sentence: TranslatedSentence = {
        source,
        target: source.toUpperCase().replaceAll('7', ' '),
        sourceRange: range,
        targetRange: range,
        score: -0.2,
        alignment: [{ source: [0, 3], target: [0, 3], weight: 1 }],
        alternatives: options.alternatives ? [{ text: `Or: ${source}`, score: -0.5, alignment: [] }] : [],
        warnings: source.includes('7') ? [{ code: 'lost-number', message: 'The number 7 was lost.', found: '7' }] : [],
      };
      options.onSentence?.({ item, index, sentence });
      return sentence;
    });
    return {
      text: text.toUpperCase().replaceAll('7', ' '),
      from: options.from,
      to: options.to,
      sentences,
      warnings: [],
      ran: { model: 'en-pt', provider: 'wasm', threads: 2, ms: 10 },
    };
  }

  function translate(input: string, options: TranslateOptions): Promise<Translation>;
  function translate(input: string[], options: TranslateOptions): Promise<Translation[]>;
  function translate(input: string | string[], options: TranslateOptions): Promise<Translation | Translation[]> {
    if (typeof input === 'string') return Promise.resolve(translateOne(input, options, 0));
    return Promise.resolve(input.map((text, item) => translateOne(text, options, item)));
  }

  const device = { provider: 'wasm', threads: 2, isolated: true, why: 'Tests.' } as const;
  return {
    translate,
    transcribe: (_, options) => {
      for (const segment of HEARD) options?.onSegment?.(segment);
      return Promise.resolve(transcriptOf(HEARD));
    },
    listen: fakeSession,
    translateSegments: (segments) => Promise.resolve(segments.map(({ text }) => text.trim().toUpperCase())),
    warmUpSpeech: () => Promise.resolve(device),
    caption,
    warmUpCaption: () => Promise.resolve(device),
    summarise: (text, options) => {
      options?.onPartial?.(text.slice(0, 8));
      return Promise.resolve({
        text: text.slice(0, 16),
        parts: 1,
        ran: { model: 't5', provider: 'wasm', threads: 2, ms: 10 },
      });
    },
    warmUpSummary: () => Promise.resolve(device),
    detect: () => Promise.resolve({ language: 'en', confidence: 1, reliable: true }),
    warmUp: () => Promise.resolve(device),
    models: {
      remembered: () => null,
      list: () => Promise.resolve([model('en', 'pt'), model('pt', 'en'), speech, captioner]),
      install: () => Promise.resolve(model('en', 'pt')),
      import: () => Promise.resolve(model('en', 'pt')),
      inspect: () =>
        Promise.resolve({ format: 'a test', kind: 'translation', name: 'one', from: ['en'], to: ['pt'], sizeBytes: 1 }),
      sources: () => Promise.resolve([]),
      switchSource: () => Promise.resolve(),
      catalogue: () => Promise.resolve([]),
      installFrom: () => Promise.resolve(model('en', 'pt')),
      begun: () => Promise.resolve([]),
      forgetBegun: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      verify: () => Promise.resolve({ ok: true, broken: [] }),
      test: () => Promise.resolve({ verdict: 'none', adapter: '' }),
      resident: () => Promise.resolve([]),
      unload: () => Promise.resolve(),
    },
    memory: () => Promise.resolve({ budgetBytes: 2 ** 30, residentBytes: 0 }),
    device: () => Promise.resolve(device),
    ...overrides,
  };
}
