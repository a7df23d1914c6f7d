import type { ModelInfo } from '../protocol/types.ts';

const KEY = 'glossa-models';

/**
 * The models as they were listed last in this browser, or null: a later visit can begin to load one before it has asked
 * which there are. It is forgotten whenever a model comes or goes, and by the browser together with the models.
 */
export function rememberedModels(): ModelInfo[] | null {
  try {
    const models: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return Array.isArray(models) && models.every(isModelInfo) ? models : null;
  } catch {
    return null;
  }
}

/** null forgets them. */
export function rememberModels(models: ModelInfo[] | null): void {
  try {
    if (models === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(models));
  } catch {
    // Without storage a visit begins by asking.
  }
}

/** As far as another release may have written it otherwise. */
function isModelInfo(value: unknown): value is ModelInfo {
  if (typeof value !== 'object' || value === null) return false;
  const model: Partial<Record<keyof ModelInfo, unknown>> = value;
  const texts = [model.id, model.kind, model.name, model.state];
  const numbers = [model.downloadBytes, model.storedBytes, model.unpackedBytes];
  return (
    texts.every((text) => typeof text === 'string') &&
    numbers.every((number) => typeof number === 'number') &&
    [model.from, model.to].every((tags) => Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))
  );
}
