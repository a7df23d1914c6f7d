import { throwIfAborted } from '../../protocol/errors.ts';
import { transcriptOf } from '../../protocol/transcript.ts';
import { hear, timesWords } from './recogniser.ts';
import { LiveAudioQueue } from './liveAudio.ts';
import { LiveCaptions } from './liveCaptions.ts';
import { residentRecogniser } from './residentRecogniser.ts';
import { possibleLanguages } from './spokenLanguage.ts';
import type { Task } from './task.ts';

/** After so long without sound nothing more is expected of the phrase that was being said. */
const STALL_MS = 800;
/** What a careful pass tries where the likeliest words look wrong; openai/whisper's other temperatures would take too long. */
const TEMPERATURES = [0.4, 0.8];

/** Captions what comes through a port, until a null comes. */
export const listen: Task<'listen'> = async (input, { signal, progress, emit }) => {
  const queue = new LiveAudioQueue(input.audio, signal);
  try {
    const recogniser = await residentRecogniser(input.model, input.provider, { signal, onProgress: progress });
    const { manifest, device, voice } = recogniser;
    const [language = 'und'] = possibleLanguages(input, manifest);
    const started = performance.now();
    voice.reset();
    const captions = new LiveCaptions({
      voice,
      emit,
      words: input.words && timesWords(manifest),
      firstTimeId: manifest.architecture.timestampBeginId,
      async hear(speech, { agreed, careful, language: settled }) {
        const asked = settled === undefined ? input : { ...input, language: settled };
        const [heard] = await hear(recogniser, asked, [speech], {
          agreed,
          again: careful ? TEMPERATURES : null,
          signal,
        });
        if (!heard) throw new Error('A pass came back without a result.');
        return heard;
      },
    });
    emit({ type: 'ready' });
    for (;;) {
      const piece = await queue.next(captions.open ? STALL_MS : Infinity, signal);
      throwIfAborted(signal);
      if (piece.type === 'samples') await captions.push(piece.samples, queue.waitingS);
      else await captions.finish();
      if (piece.type === 'end') break;
    }
    const { provider, threads } = device;
    const ran = { model: input.model, provider, threads, ms: performance.now() - started };
    return transcriptOf(captions.segments, language, ran);
  } finally {
    queue.close();
  }
};
