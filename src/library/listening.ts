import { database } from './database.ts';

/** How captions are shown, and what the listener chose last. */
export interface ListeningChoices {
  captionSize: (typeof CAPTION_SIZES)[number];
  captionColours: (typeof CAPTION_COLOURS)[number];
  /** Of the screen. */
  captionPosition: 'top' | 'bottom';
  captionLines: (typeof CAPTION_LINES)[number];
  /** Where a translation stands. */
  translationPlace: 'under' | 'beside' | 'only';
  /** Whether finished phrases are told to screen readers. */
  announce: boolean;
  keepRecording: boolean;
  /** The device's id as the browser gives it to this page; null: the browser's own choice. */
  microphone: string | null;
  /** The language that live captions are translated into; null: none. */
  translateTo: string | null;
  /** The speech model's id; null: the first there is. */
  speechModel: string | null;
  /** The language that is spoken; null: it is to be detected. */
  spoken: string | null;
  /** Whether the speech model translates what it hears into English. */
  intoEnglish: boolean;
  lineLength: number;
  linesPerCue: number;
  charactersPerSecond: number;
}

export const CAPTION_SIZES = ['small', 'medium', 'large', 'huge'] as const;
export const CAPTION_COLOURS = ['page', 'white', 'yellow', 'black'] as const;
export const CAPTION_LINES = [2, 3, 4, 6] as const;

/** What the limits of exported cues may be. */
export const CUE_RANGES = {
  lineLength: [20, 80],
  linesPerCue: [1, 4],
  charactersPerSecond: [8, 30],
} as const satisfies Record<string, readonly [number, number]>;

export const DEFAULT_LISTENING: ListeningChoices = {
  captionSize: 'medium',
  captionColours: 'page',
  captionPosition: 'bottom',
  captionLines: 3,
  translationPlace: 'under',
  announce: true,
  keepRecording: false,
  microphone: null,
  translateTo: null,
  speechModel: null,
  spoken: null,
  intoEnglish: false,
  lineLength: 42,
  linesPerCue: 2,
  charactersPerSecond: 17,
};

/** The choices as they were kept; whatever is missing or unknown has its default. */
export async function readListening(): Promise<ListeningChoices> {
  const value: unknown = await (await database()).get('values', 'listening');
  const kept: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const defaults = DEFAULT_LISTENING;
  const oneOf = <T>(choices: readonly T[], key: string, fallback: T): T =>
    choices.find((choice) => choice === kept[key]) ?? fallback;
  const textOrNull = (key: string): string | null => (typeof kept[key] === 'string' ? kept[key] : null);
  const within = (key: keyof typeof CUE_RANGES): number => {
    const [least, most] = CUE_RANGES[key];
    const number = kept[key];
    return typeof number === 'number' && number >= least && number <= most ? number : defaults[key];
  };
  return {
    captionSize: oneOf(CAPTION_SIZES, 'captionSize', defaults.captionSize),
    captionColours: oneOf(CAPTION_COLOURS, 'captionColours', defaults.captionColours),
    captionPosition: oneOf(['top', 'bottom'], 'captionPosition', defaults.captionPosition),
    captionLines: oneOf(CAPTION_LINES, 'captionLines', defaults.captionLines),
    translationPlace: oneOf(['under', 'beside', 'only'], 'translationPlace', defaults.translationPlace),
    announce: oneOf([true, false], 'announce', defaults.announce),
    keepRecording: oneOf([true, false], 'keepRecording', defaults.keepRecording),
    microphone: textOrNull('microphone'),
    translateTo: textOrNull('translateTo'),
    speechModel: textOrNull('speechModel'),
    spoken: textOrNull('spoken'),
    intoEnglish: oneOf([true, false], 'intoEnglish', defaults.intoEnglish),
    lineLength: within('lineLength'),
    linesPerCue: within('linesPerCue'),
    charactersPerSecond: within('charactersPerSecond'),
  };
}

export async function keepListening(choices: ListeningChoices): Promise<void> {
  await (await database()).put('values', choices, 'listening');
}
