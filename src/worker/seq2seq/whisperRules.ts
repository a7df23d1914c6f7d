import type { SpeechArchitecture } from '../../protocol/manifest.ts';
import { greatest, logSumExp, type LogitsProcessor } from './logits.ts';

/** The latest first timestamp, in steps of 0.02 s. */
const LATEST_START = 50;

/**
 * Whisper's rules for the next token, after openai/whisper's `SuppressBlank`, `SuppressTokens` and `ApplyTimestampRules`:
 * the first token is a time of at most 1 s, times come in pairs and never go back, and a time is forced where all times
 * together are likelier than the likeliest text. What is left sums to 1 again.
 * @param prefix forced ids that count as output, because they were made by an earlier search
 */
export function whisperRules(architecture: SpeechArchitecture, prefix: Int32Array): LogitsProcessor {
  const { eotId, timestampBeginId: firstTime, suppressIds, suppressFirstIds } = architecture;
  return (scores, { ids: made }) => {
    const ids = [...prefix, ...made];
    for (const id of suppressIds) scores[id] = -Infinity;
    // Between them lie languages, tasks and the like.
    scores.fill(-Infinity, eotId + 1, firstTime);
    const isTime = (id: number | undefined): boolean => id === undefined || id >= firstTime;
    const lastTime = ids.findLast((id) => id >= firstTime);
    if (ids.length === 0) {
      for (const id of suppressFirstIds) scores[id] = -Infinity;
      scores.fill(-Infinity, 0, firstTime);
      scores.fill(-Infinity, firstTime + LATEST_START + 1);
    } else if (lastTime !== undefined) {
      const closes = isTime(ids.at(-1)) && !isTime(ids.at(-2));
      if (closes) scores.fill(-Infinity, 0, eotId);
      else if (isTime(ids.at(-1))) scores.fill(-Infinity, firstTime);
      scores.fill(-Infinity, firstTime, closes ? lastTime : lastTime + 1);
    }
    if (logSumExp(scores.subarray(firstTime)) > greatest(scores.subarray(0, firstTime))) {
      scores.fill(-Infinity, 0, firstTime);
    }
    const total = logSumExp(scores);
    for (let id = 0; id < scores.length; id++) scores[id]! -= total;
  };
}
