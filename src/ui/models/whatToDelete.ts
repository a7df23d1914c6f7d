import type { ModelInfo } from '../../protocol/types.ts';

/**
 * The models that could go to make room: those used longest ago, no more than it takes. All that there are where even they
 * do not make enough.
 * @param keep - ids of models that are wanted
 */
export function whatToDelete(models: readonly ModelInfo[], bytes: number, keep: readonly string[]): ModelInfo[] {
  const candidates = models
    .filter(({ id, kind, diskBytes }) => diskBytes > 0 && kind !== 'voice-activity' && !keep.includes(id))
    .sort((a, b) => (a.lastUsedAt ?? 0) - (b.lastUsedAt ?? 0));
  const chosen: ModelInfo[] = [];
  let freed = 0;
  for (const model of candidates) {
    if (freed >= bytes) break;
    chosen.push(model);
    freed += model.diskBytes;
  }
  return chosen;
}
