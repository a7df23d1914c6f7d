import type { ListenEvent } from '../../protocol/messages.ts';
import type { Segment, Word } from '../../protocol/types.ts';
import { SAMPLE_RATE_HZ } from '../features/audio/logMel.ts';
import { SpeechDetector } from '../features/audio/silence.ts';
import { toSegment } from '../features/segments.ts';
import { ENDS_SENTENCE, OpenPhrase, type PhraseCut } from './openPhrase.ts';
import type { Heard, Speech, VoiceActivity } from './recogniser.ts';
import { SampleBuffer } from './sampleBuffer.ts';

interface HearLive {
  /** Ids that it must begin with. */
  agreed: Int32Array;
  careful: boolean;
  /** What is spoken, once that is settled: it is not asked again. */
  language?: string;
}

export interface LiveOptions {
  voice: Pick<VoiceActivity, 'probabilities' | 'windowSamples'>;
  /** Writes speech down; where that looks wrong and it is to be careful, again and again. */
  hear(speech: Speech, options: HearLive): Promise<Heard>;
  emit(event: ListenEvent): void;
  words: boolean;
  /** The id of the time 0. */
  firstTimeId: number;
}

/** Kept before a voice, which begins unnoticed. */
const BEFORE_S = 0.4;
/** So much of a voice may have been before it was noticed. */
const UNNOTICED_S = 0.1;
/** A pause of this length ends a phrase that ends as a sentence does, and of this length any. */
const SENTENCE_PAUSE_S = 0.45;
const PAUSE_S = 0.65;
/** After so much of a pause the phrase is heard once more, as if it were over. */
const FINAL_PASS_S = 0.16;
/** The voice-activity model notices the end of a voice late: a pause that is over was longer than it says. */
const BREATH_S = 0.09;
/** A sentence of this length ends in a pause in which it was heard again, and anything of this length does: it is a caption. */
const SENTENCE_S = 1.2;
const CAPTION_S = 3;
/** What is longer ends in any breath... */
const LONG_S = 4.5;
/** ...and what is longer still between any two stable words: each pass hears all of it. */
const TOO_LONG_S = 6;
/** Between two passes over an open phrase: so much new sound at least, and so many times as long as the last pass took. */
const PASS_EVERY_S = 0.5;
const PASS_REST = 1.3;
/** Where nothing is stable it is cut at this length. */
const LONGEST_S = 12;
/** Words that near to the end of a phrase that is cut are not sure. */
const UNSURE_S = 1.5;
/** Behind by more than this is said, and worked off without passes over open phrases; below the second it is over. */
const BEHIND_S = 3;
const CAUGHT_UP_S = 1.5;
const TELL_EVERY_S = 1;

/** Captions of sound as it comes: which words are sure, which may change, and when a phrase is over. */
export class LiveCaptions {
  readonly segments: Segment[] = [];
  readonly #options: LiveOptions;
  readonly #detector: SpeechDetector;
  readonly #buffer = new SampleBuffer(SAMPLE_RATE_HZ);
  /** Samples that the detector has judged. */
  #judged = 0;
  #phrase: OpenPhrase | null = null;
  /** What the last phrase was spoken in. */
  #language: string | undefined;
  /** The last pause of the open phrase that was too short to end it by itself. */
  #breath: { endS: number; resumedS: number } | null = null;
  #shownTail = '';
  #lastPass = { heardS: 0, tookS: 0 };
  #isBehind = false;
  /** Up to when the page knows that everything has been told. */
  #toldS = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#detector = new SpeechDetector({
      windowSamples: options.voice.windowSamples,
      shortestSilence: Math.round(PAUSE_S * SAMPLE_RATE_HZ),
    });
  }

  /** Whether a phrase is open. */
  get open(): boolean {
    return this.#phrase !== null;
  }

  /**
   * Listens to the next samples.
   * @param waitingS - how much more waits to be heard
   */
  async push(samples: Float32Array, waitingS: number): Promise<void> {
    this.#buffer.push(samples);
    await this.#judge();
    if (this.#phrase) await this.#follow(this.#phrase, waitingS);
    this.#tellBehind(waitingS);
  }

  /** Ends the open phrase: no more sound comes for now. */
  async finish(): Promise<void> {
    const end = this.#detector.flush();
    if (this.#phrase) await this.#close(this.#phrase, (end?.sample ?? this.#judged) / SAMPLE_RATE_HZ);
    this.#forget();
  }

  async #judge(): Promise<void> {
    const { windowSamples, probabilities } = this.#options.voice;
    const count = Math.floor((this.#buffer.end - this.#judged) / windowSamples);
    if (count === 0) return;
    const from = this.#judged;
    this.#judged += count * windowSamples;
    for (const probability of await probabilities(this.#buffer.slice(from, this.#judged))) {
      const { paused, heard } = this.#detector;
      const change = this.#detector.push(probability);
      if (!change) {
        const resumed = paused !== undefined && this.#detector.paused === undefined;
        if (resumed && heard - paused >= BREATH_S * SAMPLE_RATE_HZ) {
          this.#breath = { endS: paused / SAMPLE_RATE_HZ, resumedS: heard / SAMPLE_RATE_HZ };
        }
        continue;
      }
      const atS = change.sample / SAMPLE_RATE_HZ;
      if (change.type === 'end') {
        if (this.#phrase) await this.#close(this.#phrase, atS);
      } else if (!this.#phrase) {
        const lastEndS = this.segments.at(-1)?.endS ?? 0;
        const startS = Math.max(atS - BEFORE_S, Math.min(lastEndS, atS), this.#buffer.start / SAMPLE_RATE_HZ);
        this.#begin(new OpenPhrase(startS, Math.max(startS, atS - UNNOTICED_S)), atS);
      }
    }
    this.#forget();
  }

  #begin(phrase: OpenPhrase, heardS: number): void {
    this.#phrase = phrase;
    this.#breath = null;
    this.#lastPass = { ...this.#lastPass, heardS };
  }

  /** Another pass over the open phrase, if it is time for one. */
  async #follow(phrase: OpenPhrase, waitingS: number): Promise<void> {
    const nowS = this.#judged / SAMPLE_RATE_HZ;
    if (nowS - phrase.startS > LONGEST_S) return this.#cutSomewhere(phrase, nowS);
    if (waitingS > CAUGHT_UP_S) return;
    if (this.#breath) return this.#followBreath(phrase, this.#breath);
    const { paused } = this.#detector;
    if (paused !== undefined) return this.#followPause(phrase, paused / SAMPLE_RATE_HZ, nowS);
    if (nowS - this.#lastPass.heardS < Math.max(PASS_EVERY_S, PASS_REST * this.#lastPass.tookS)) return;
    const heard = await this.#pass(phrase, nowS, false);
    if (!heard || heard.silent) return;
    this.#add(phrase, heard, nowS);
    const lengthS = nowS - phrase.voiceS;
    const cut = lengthS > CAPTION_S ? phrase.cutStable(lengthS > TOO_LONG_S, this.#options.firstTimeId) : null;
    if (cut) this.#cut(phrase, cut);
  }

  /** In a pause the phrase is heard as if it were over. If it is, nothing is left to do when that is sure. */
  async #followPause(phrase: OpenPhrase, endS: number, nowS: number): Promise<void> {
    if (nowS - endS < FINAL_PASS_S || !(await this.#hearPause(phrase, endS + FINAL_PASS_S))) return;
    if (!this.#isOver(phrase, endS, nowS)) return;
    this.#detector.flush();
    await this.#close(phrase, endS);
  }

  /** The voice went on while something else was heard: the phrase may have ended before all the same. */
  async #followBreath(phrase: OpenPhrase, { endS, resumedS }: { endS: number; resumedS: number }): Promise<void> {
    this.#breath = null;
    const toS = Math.min(endS + FINAL_PASS_S, resumedS);
    if (endS - phrase.voiceS < (resumedS - endS < FINAL_PASS_S ? LONG_S : SENTENCE_S)) return;
    if (phrase.heardS > toS || !(await this.#hearPause(phrase, toS))) return;
    if (!this.#isOver(phrase, endS, resumedS)) return;
    this.#tell(phrase, phrase.words, endS);
    this.#begin(new OpenPhrase(Math.max(endS, resumedS - BEFORE_S), resumedS), resumedS);
    this.#forget();
  }

  /** Hears the phrase up to a pause, and says whether that is to be believed. */
  async #hearPause(phrase: OpenPhrase, heardS: number): Promise<boolean> {
    if (phrase.heardS >= heardS) return true;
    // What is not to be believed is heard again, more carefully, where the phrase turns out to be over.
    if (this.#lastPass.heardS >= heardS) return false;
    const heard = await this.#pass(phrase, heardS, false);
    if (heard) this.#add(phrase, heard, heardS);
    return heard !== null;
  }

  /** Whether a pause that has been heard ends the phrase. */
  #isOver(phrase: OpenPhrase, endS: number, nowS: number): boolean {
    const lengthS = endS - phrase.voiceS;
    if (lengthS > CAPTION_S) return true;
    if (!ENDS_SENTENCE.test(phrase.words.at(-1)?.text ?? '')) return false;
    return nowS - endS >= SENTENCE_PAUSE_S || lengthS > SENTENCE_S;
  }

  #add(phrase: OpenPhrase, heard: Heard, heardS: number): void {
    const stable = phrase.add(heard, heardS);
    if (stable.length > 0) this.#options.emit({ type: 'stable', words: stable.map(plain) });
    this.#showTail(phrase);
  }

  /** What is heard of the phrase behind its stable words; null where that is not to be believed. */
  async #pass(phrase: OpenPhrase, heardS: number, careful: boolean): Promise<Heard | null> {
    const started = performance.now();
    const heard = await this.#hear(phrase, heardS, careful);
    this.#lastPass = { heardS, tookS: (performance.now() - started) / 1000 };
    if (!heard.reliable) return null;
    return heard.silent ? { ...heard, ...NOTHING } : heard;
  }

  /** What is not to be believed even when it is heard more carefully is not told. */
  async #lastPassOver(phrase: OpenPhrase, toS: number): Promise<Heard | null> {
    const heard = this.#lastPass.heardS < toS ? await this.#pass(phrase, toS, false) : null;
    return heard ?? (await this.#pass(phrase, toS, true));
  }

  #hear(phrase: OpenPhrase, toS: number, careful: boolean): Promise<Heard> {
    const [from, to] = [phrase.startS, toS].map((seconds) => Math.round(seconds * SAMPLE_RATE_HZ));
    const after = phrase.spoken?.language ?? this.#language;
    const speech = {
      samples: this.#buffer.slice(from!, to!),
      startS: phrase.startS,
      notBeforeS: phrase.notBeforeS,
      ...(after === undefined ? {} : { after }),
    };
    const settled = phrase.languageSettled ? phrase.spoken?.language : undefined;
    return this.#options.hear(speech, {
      agreed: phrase.agreed,
      careful,
      ...(settled === undefined ? {} : { language: settled }),
    });
  }

  /** The voice ended: what the last pass did not hear is heard, and the phrase told. */
  async #close(phrase: OpenPhrase, spokenEndS: number): Promise<void> {
    this.#phrase = null;
    const toS = Math.min(spokenEndS + FINAL_PASS_S, this.#judged / SAMPLE_RATE_HZ);
    if (phrase.heardS < spokenEndS) phrase.finish(await this.#lastPassOver(phrase, toS), toS);
    this.#tell(phrase, phrase.words, spokenEndS);
  }

  /** Tells the beginning of a phrase that is too long, and goes on with the rest. */
  async #cutSomewhere(phrase: OpenPhrase, nowS: number): Promise<void> {
    phrase.finish(await this.#lastPassOver(phrase, nowS), nowS);
    const cut = phrase.cut(nowS - UNSURE_S, this.#options.firstTimeId);
    if (cut) this.#cut(phrase, cut);
    // A voice without words: a hum, a song.
    else this.#begin(new OpenPhrase(nowS), nowS);
  }

  #cut(before: OpenPhrase, { words, atS, carried, carriedIds, tail }: PhraseCut): void {
    this.#tell(before, words, atS);
    const phrase = new OpenPhrase(atS, atS, carried, carriedIds);
    phrase.tail = tail;
    phrase.goOnIn(before);
    this.#begin(phrase, atS);
    if (carried.length > 0) this.#options.emit({ type: 'stable', words: carried.map(plain) });
    this.#showTail(phrase);
    this.#forget();
  }

  #tell({ spoken }: OpenPhrase, words: Word[], spokenEndS: number): void {
    const segment = spoken ? toSegment(words, spoken, this.#options.words) : null;
    this.#shownTail = '';
    if (!segment) {
      this.#options.emit({ type: 'tail', text: '' });
      return;
    }
    this.#language = segment.language;
    this.segments.push(segment);
    this.#options.emit({ type: 'phrase', segment, spokenEndS });
  }

  #showTail({ tail }: OpenPhrase): void {
    const text = tail.map((word) => word.text).join('');
    if (text === this.#shownTail) return;
    this.#shownTail = text;
    this.#options.emit({ type: 'tail', text });
  }

  #tellBehind(waitingS: number): void {
    if (waitingS > BEHIND_S || (this.#isBehind && waitingS > CAUGHT_UP_S)) {
      this.#isBehind = true;
      this.#options.emit({ type: 'behind', seconds: waitingS });
    } else if (this.#isBehind) {
      this.#isBehind = false;
      this.#options.emit({ type: 'behind', seconds: 0 });
    }
  }

  /** Lets go of the samples that no pass will hear any more. */
  #forget(): void {
    const neededS = this.#phrase?.startS ?? this.#judged / SAMPLE_RATE_HZ - BEFORE_S - PAUSE_S;
    this.#buffer.forget(Math.floor(neededS * SAMPLE_RATE_HZ));
    if (neededS - this.#toldS < TELL_EVERY_S) return;
    this.#toldS = neededS;
    this.#options.emit({ type: 'heard', untilS: neededS });
  }
}

const NOTHING = { segments: [], ids: new Int32Array() };

function plain({ text, startS, endS, probability }: Word): Word {
  return { text, startS, endS, probability };
}
