import { EngineError } from '../../protocol/errors.ts';
import { cleanText } from '../features/checks.ts';
import { residentSummariser } from './residentSummariser.ts';
import { summariseText } from './summariser.ts';
import type { Task } from './task.ts';

/** How often a summary that grows is told. */
const PARTIAL_EVERY_MS = 50;

/** Says what a text of any length is about, in fewer words. */
export const summarise: Task<'summarise'> = async (input, { signal, progress, emit }) => {
  const { text } = cleanText(input.text);
  if (!/[\p{L}\p{N}]/u.test(text)) throw new EngineError('bad-input', 'There is no text to summarise.');
  const summariser = await residentSummariser(input.model, input.provider, { signal, onProgress: progress });
  const started = performance.now();
  let told = -Infinity;
  const summary = await summariseText(summariser, text, {
    length: input.length,
    signal,
    onPart: (done, total) => progress({ stage: 'decode', done, total, unit: 'items' }),
    ...(input.partials && {
      onPartial: (soFar: string) => {
        const now = performance.now();
        if (now - told < PARTIAL_EVERY_MS) return;
        told = now;
        emit({ type: 'partial', text: soFar });
      },
    }),
  });
  const { provider, threads } = summariser.device;
  return { ...summary, ran: { model: input.model, provider, threads, ms: performance.now() - started } };
};
