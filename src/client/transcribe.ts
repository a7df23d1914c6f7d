import { EngineError, type ErrorCode } from '../protocol/errors.ts';
import type { Samples, SpeechInput } from '../protocol/messages.ts';
import { transcriptOf } from '../protocol/transcript.ts';
import type { ModelInfo, Segment, Transcript } from '../protocol/types.ts';
import {
  checkAudio,
  checkChoice,
  checkCount,
  checkLanguages,
  checkProvider,
  checkSeconds,
  checkSignal,
  checkSpoken,
} from './checkOptions.ts';
import { hearingModels, noHearingModelError } from './chooseModel.ts';
import type { ModelDirectory } from './modelDirectory.ts';
import type { SpeechOptions, TranscribeOptions } from './options.ts';
import type { Pool } from './pool.ts';

/** What a speech task is asked but for its sound: everything checked, the model not chosen yet. */
export type SpeechRequest = Omit<SpeechInput, 'model'>;

const BEAMS: [least: number, most: number] = [1, 8];

/** @throws EngineError bad-input */
export function checkSpeech(options: SpeechOptions): SpeechRequest {
  checkSignal(options.signal);
  return {
    provider: checkProvider(options.provider),
    language: checkSpoken(options.language),
    among: checkLanguages(options.among, 'among'),
    task: checkChoice(options.task, 'task', ['transcribe', 'translate']),
    words: checkChoice(options.timestamps, 'timestamps', ['segment', 'word']) === 'word',
    beams: checkCount(options.beams, 'beams', BEAMS, 1),
  };
}

/** The model that hears a language; `auto` is any. Throws as `ModelDirectory.choose` does. */
export function chooseRecogniser(
  directory: ModelDirectory,
  id: unknown,
  language: string,
  signal?: AbortSignal,
): Promise<ModelInfo> {
  return directory.choose(
    'speech',
    id,
    (models) => hearingModels(models, language),
    (models) => noHearingModelError(models, language),
    signal,
  );
}

/** `Glossa.transcribe`. What was heard before a failure is the `partial` of its error: Segment[]. */
export async function transcribe(
  pool: Pool,
  directory: ModelDirectory,
  audio: Blob | Samples,
  options: TranscribeOptions = {},
): Promise<Transcript> {
  checkAudio(audio);
  const request = checkSpeech(options);
  const { signal, onProgress, onSegment } = options;
  const fromS = checkSeconds(options.fromS, 'fromS');
  const untilS = options.untilS === undefined ? null : checkSeconds(options.untilS, 'untilS');
  const model = await chooseRecogniser(directory, options.model, request.language, signal);
  const heard: Segment[] = [];
  let fellBack: ErrorCode | undefined;
  try {
    const transcript = await pool.run(
      model,
      request.provider,
      'transcribe',
      { ...request, model: model.id, audio, fromS, untilS },
      {
        signal,
        onProgress,
        onEvent: ({ segment }) => {
          heard.push(segment);
          onSegment?.(segment);
        },
        onFallback: ({ code }) => {
          fellBack = code;
          const last = heard.at(-1);
          return { ...request, model: model.id, audio, fromS: last ? last.endS : fromS, untilS };
        },
        transfer: options.transfer === true && !(audio instanceof Blob) ? [audio.samples.buffer] : [],
      },
    );
    if (fellBack === undefined) return transcript;
    // What was heard before the loss was not heard again.
    return transcriptOf(heard, transcript.language, { ...transcript.ran, fellBack });
  } catch (error) {
    if (!(error instanceof EngineError) || heard.length === 0) throw error;
    throw new EngineError(error.code, error.message, { partial: heard, cause: error });
  }
}
