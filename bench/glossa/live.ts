import type { Page } from '@playwright/test';
import type { GlossaPage } from './page.ts';

/** Of one phrase, from the end of its voice. */
export interface PhraseDelay {
  captionMs: number;
  /** To when its last word became one that does not change any more: earlier than the above where speech is cut. */
  settledMs: number;
  translationMs: number | null;
  /** From the beginning of its voice to the first of its words on the screen. */
  firstWordsMs: number | null;
}

export interface LiveHeard {
  phrases: PhraseDelay[];
  text: string;
  mostBehindS: number;
  /** Words that were called stable, and are not in their phrase: none should be. */
  changedStableWords: number;
}

/** Listens to the page's microphone, with the models loaded before it is opened. */
export function listenForSeconds(page: Page, seconds: number, to: string | undefined): Promise<LiveHeard> {
  return page.evaluate(
    async ({ seconds, to }) => {
      const { glossa } = globalThis as GlossaPage;
      await glossa.warmUpSpeech({ language: 'en' });
      if (to !== undefined) await glossa.warmUp({ from: 'en', to });
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const session = glossa.listen(stream, {
        language: 'en',
        timestamps: 'word',
        ...(to === undefined ? {} : { to }),
      });
      const phrases: PhraseDelay[] = [];
      const ends: number[] = [];
      let mostBehindS = 0;
      let changedStableWords = 0;
      let stable = '';
      /** When each stable word of the open phrase came. */
      let settledAtMs: number[] = [];
      let firstWordsAtMs: number | null = null;
      // When the audio began, by the page's clock: sound is heard as it is played.
      let beganMs: number | undefined;
      const audioMs = (): number => performance.now() - (beganMs ?? performance.now());
      session.on('level', () => (beganMs ??= performance.now()));
      session.on('behind', ({ seconds }) => (mostBehindS = Math.max(mostBehindS, seconds)));
      const onWords = (text: string): void => {
        if (text.trim() !== '') firstWordsAtMs ??= audioMs();
      };
      session.on('tail', ({ text }) => onWords(text));
      session.on('stable', ({ words }) => {
        const text = words.map((word) => word.text).join('');
        onWords(text);
        stable += text;
        settledAtMs.push(...words.map(() => audioMs()));
      });
      session.on('phrase', ({ index, segment, spokenEndS }) => {
        const [text, sure] = [segment.text.trimStart(), stable.trimStart()];
        // A phrase that was cut inside speech ends within its stable words; the rest is told again as the next one's.
        if (!text.startsWith(sure) && !sure.startsWith(text)) changedStableWords++;
        ends[index] = spokenEndS;
        const settledMs = (settledAtMs[(segment.words?.length ?? 0) - 1] ?? audioMs()) - spokenEndS * 1000;
        const firstWordsMs = firstWordsAtMs === null ? null : firstWordsAtMs - segment.startS * 1000;
        phrases[index] = { captionMs: audioMs() - spokenEndS * 1000, settledMs, translationMs: null, firstWordsMs };
        settledAtMs = [];
        stable = '';
        firstWordsAtMs = null;
      });
      session.on('translation', ({ index }) => {
        const [phrase, endS] = [phrases[index], ends[index]];
        if (phrase && endS !== undefined) phrase.translationMs ??= audioMs() - endS * 1000;
      });
      const failed = new Promise<never>((_, reject) => void session.on('error', reject));
      await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, seconds * 1000))]);
      const { text } = await session.stop();
      stream.getTracks().forEach((track) => track.stop());
      return { phrases, text, mostBehindS, changedStableWords };
    },
    { seconds, to },
  );
}
