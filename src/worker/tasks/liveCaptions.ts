import type { ListenEvent } from '../../protocol/messages.ts';
import type { Segment, Word } from '../../protocol/types.ts';
import { SAMPLE_RATE_HZ } from '../features/audio/logMel.ts';
import { SpeechDetector } from '../features/audio/silence.ts';
import { toSegment } from '../features/segments.ts';
import { ENDS_SENTENCE, OpenPhrase, type PhraseCut } from './openPhrase.ts';
import type { Heard, Speech, VoiceActivity } from './recogniser.ts';
import { SampleBuffer } from './sampleBuffer.ts';

export interface LiveOptions {
  voice: Pick<VoiceActivity, 'probabilities' | 'windowSamples'>;
  /** Writes speech down; `final` may take longer and must be right. */
  hear(speech: Speech, options: { agreed: Int32Array; final: boolean }): Promise<Heard>;
  emit(event: ListenEvent): void;
  language: string;
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
const FINAL_PASS_S = 0.2;
/** Between two passes over an open phrase: so much new sound at least, and so many times as long as the last pass took. */
const PASS_EVERY_S = 0.5;
const PASS_REST = 1.3;
/** A phrase that goes on is cut after a sentence once it is so long, and anywhere at the longest: each pass hears all of it. */
const LONG_S = 5;
const LONGEST_S = 14;
/** Words that near to the end of a phrase that is cut are not sure. */
const UNSURE_S = 1.5;
/** Behind by more than this is said, and worked off without passes over open phrases; below the second it is over. */
const BEHIND_S = 3;
const CAUGHT_UP_S = 1.5;

/** Captions of sound as it comes: which words are sure, which may change, and when a phrase is over. */
export class LiveCaptions {
  readonly segments: Segment[] = [];
  readonly #options: LiveOptions;
  readonly #detector: SpeechDetector;
  readonly #buffer = new SampleBuffer(SAMPLE_RATE_HZ);
  /** Samples that the detector has judged. */
  #judged = 0;
  #phrase: OpenPhrase | null = null;
  #shownTail = '';
  #lastPass = { heardS: 0, tookS: 0 };
  #isBehind = false;

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
      const change = this.#detector.push(probability);
      if (!change) continue;
      const atS = change.sample / SAMPLE_RATE_HZ;
      if (change.type === 'end') {
        if (this.#phrase) await this.#close(this.#phrase, atS);
      } else if (!this.#phrase) {
        const lastEndS = this.segments.at(-1)?.endS ?? 0;
        const startS = Math.max(atS - BEFORE_S, Math.min(lastEndS, atS), this.#buffer.start / SAMPLE_RATE_HZ);
        this.#phrase = new OpenPhrase(startS, Math.max(startS, atS - UNNOTICED_S));
        this.#lastPass = { ...this.#lastPass, heardS: atS };
      }
    }
    this.#forget();
  }

  /** Another pass over the open phrase, if it is time for one. */
  async #follow(phrase: OpenPhrase, waitingS: number): Promise<void> {
    const nowS = this.#judged / SAMPLE_RATE_HZ;
    if (nowS - phrase.startS > LONGEST_S) return this.#cutSomewhere(phrase, nowS);
    if (waitingS > CAUGHT_UP_S) return;
    const { paused } = this.#detector;
    if (paused !== undefined) return this.#followPause(phrase, paused / SAMPLE_RATE_HZ, nowS);
    if (nowS - this.#lastPass.heardS < Math.max(PASS_EVERY_S, PASS_REST * this.#lastPass.tookS)) return;
    const heard = await this.#pass(phrase, nowS, false);
    if (!heard) return;
    const stable = phrase.add(heard, nowS);
    if (stable.length > 0) this.#options.emit({ type: 'stable', words: stable.map(plain) });
    this.#showTail(phrase);
    const cut = nowS - phrase.startS > LONG_S ? phrase.cutSentence(this.#options.firstTimeId) : null;
    if (cut) this.#cut(cut);
  }

  /** In a pause the phrase is heard as if it were over. If it is, nothing is left to do when that is sure. */
  async #followPause(phrase: OpenPhrase, endS: number, nowS: number): Promise<void> {
    if (nowS - endS < FINAL_PASS_S) return;
    if (phrase.heardS < endS + FINAL_PASS_S / 2) {
      const heard = await this.#pass(phrase, endS + FINAL_PASS_S, true);
      phrase.finish(heard ?? NOTHING, endS + FINAL_PASS_S);
      this.#showTail(phrase);
    }
    if (!ENDS_SENTENCE.test(phrase.words.at(-1)?.text ?? '') || nowS - endS < SENTENCE_PAUSE_S) return;
    this.#detector.flush();
    await this.#close(phrase, endS);
  }

  /** What is heard of the phrase behind its stable words; null where that is nothing, or nothing to be believed. */
  async #pass(phrase: OpenPhrase, heardS: number, final: boolean): Promise<Heard | null> {
    const started = performance.now();
    const heard = await this.#hear(phrase, heardS, final);
    this.#lastPass = { heardS, tookS: (performance.now() - started) / 1000 };
    return heard.silent || !heard.reliable ? null : heard;
  }

  #hear(phrase: OpenPhrase, toS: number, final: boolean): Promise<Heard> {
    const [from, to] = [phrase.startS, toS].map((seconds) => Math.round(seconds * SAMPLE_RATE_HZ));
    const speech = { samples: this.#buffer.slice(from!, to!), startS: phrase.startS, notBeforeS: phrase.notBeforeS };
    return this.#options.hear(speech, { agreed: phrase.agreed, final });
  }

  /** The voice ended: what the last pass did not hear is heard, and the phrase told. */
  async #close(phrase: OpenPhrase, spokenEndS: number): Promise<void> {
    this.#phrase = null;
    const toS = Math.min(spokenEndS + FINAL_PASS_S, this.#judged / SAMPLE_RATE_HZ);
    if (phrase.heardS < spokenEndS) phrase.finish((await this.#pass(phrase, toS, true)) ?? NOTHING, toS);
    this.#tell(phrase.words, spokenEndS);
  }

  /** Tells the beginning of a phrase that is too long, and goes on with the rest. */
  async #cutSomewhere(phrase: OpenPhrase, nowS: number): Promise<void> {
    phrase.finish((await this.#pass(phrase, nowS, true)) ?? NOTHING, nowS);
    const cut = phrase.cut(nowS - UNSURE_S, this.#options.firstTimeId);
    if (cut) this.#cut(cut);
    // A voice without words: a hum, a song.
    else this.#phrase = new OpenPhrase(nowS);
  }

  #cut({ words, atS, carried, carriedIds, tail }: PhraseCut): void {
    this.#tell(words, atS);
    this.#phrase = new OpenPhrase(atS, atS, carried, carriedIds);
    this.#phrase.tail = tail;
    if (carried.length > 0) this.#options.emit({ type: 'stable', words: carried.map(plain) });
    this.#showTail(this.#phrase);
    this.#lastPass = { ...this.#lastPass, heardS: atS };
    this.#forget();
  }

  #tell(words: Word[], spokenEndS: number): void {
    const segment = toSegment(words, this.#options.language, this.#options.words);
    this.#shownTail = '';
    if (!segment) {
      this.#options.emit({ type: 'tail', text: '' });
      return;
    }
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
  }
}

const NOTHING: Heard = { segments: [], ids: new Int32Array(), silent: true, reliable: true };

function plain({ text, startS, endS, probability }: Word): Word {
  return { text, startS, endS, probability };
}
