import { transcriptOf } from '../../protocol/transcript.ts';
import type { Segment } from '../../protocol/types.ts';
import { firstSeconds, openAudio } from '../features/audio/audio.ts';
import { speechWindows } from '../features/audio/windows.ts';
import { toSegment } from '../features/segments.ts';
import { TEMPERATURES } from '../seq2seq/recognise.ts';
import { hear, timesWords } from './recogniser.ts';
import { residentRecogniser } from './residentRecogniser.ts';
import { possibleLanguages } from './spokenLanguage.ts';
import type { Task } from './task.ts';
import { transcribeWindows } from './transcribeWindows.ts';

/** What is heard may be in a window that is not cut yet. */
const LONGEST_WINDOW_S = 30;
/** A decoder of the Hub is fed at every step all that it attends to: several windows at once only take memory. */
const HUB_BATCH = 1;

/** Writes down what is said in audio of any length: window by window, in memory that does not grow with it. */
export const transcribe: Task<'transcribe'> = async (input, { signal, progress, emit }) => {
  // Before the model: a file that cannot be read is not worth a download.
  const audio = await openAudio(input.audio);
  try {
    const recogniser = await residentRecogniser(input.model, input.provider, { signal, onProgress: progress });
    const { manifest, device, voice } = recogniser;
    const [language = 'und'] = possibleLanguages(input, manifest);
    const withWords = input.words && timesWords(manifest);
    const started = performance.now();
    const total = Math.min(audio.durationS, input.untilS ?? Infinity);
    const tell = (done: number): void => progress({ stage: 'decode', done, total, unit: 'seconds' });
    tell(input.fromS);
    voice.reset();
    const windows = speechWindows(
      firstSeconds(audio.samples(signal, input.fromS), (input.untilS ?? Infinity) - input.fromS),
      {
        voice: (samples) => voice.probabilities(samples),
        voiceSamples: voice.windowSamples,
        // Long silence makes progress, too.
        onHeard: (seconds) => waiting === 0 && tell(input.fromS + Math.max(0, seconds - LONGEST_WINDOW_S)),
      },
    );
    let waiting = 0;
    async function* counted(): typeof windows {
      for await (const window of windows) {
        waiting++;
        yield { ...window, startS: window.startS + input.fromS };
      }
    }
    const segments: Segment[] = [];
    let after: string | undefined;
    const written = transcribeWindows(
      counted(),
      async (speeches) => {
        const all = await hear(recogniser, input, speeches, { again: TEMPERATURES, after, signal });
        after = all.findLast(({ silent }) => !silent)?.spoken.language ?? after;
        return all;
      },
      manifest.architecture.type === 'hub-whisper' ? HUB_BATCH : undefined,
    );
    for await (const { segments: parts, heardS } of written) {
      for (const { words, spoken } of parts) {
        const segment = toSegment(words, spoken, withWords);
        if (!segment) continue;
        segments.push(segment);
        emit({ type: 'segment', segment });
      }
      waiting--;
      tell(heardS);
    }
    const { provider, threads } = device;
    const ran = { model: input.model, provider, threads, ms: performance.now() - started };
    return transcriptOf(segments, language, ran);
  } finally {
    audio.close();
  }
};
