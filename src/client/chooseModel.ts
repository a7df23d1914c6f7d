import { EngineError } from '../protocol/errors.ts';
import type { ModelInfo } from '../protocol/types.ts';

/** Whether a model's language answers for a wanted one: `pt` for `pt-BR`, and `pt-BR` for who only says `pt`. */
export function answersFor(offered: string, wanted: string): boolean {
  const [a, b] = [offered.toLowerCase(), wanted.toLowerCase()];
  return a === b || b.startsWith(`${a}-`) || a.startsWith(`${b}-`);
}

/** The models between two languages; a `from` of null is any. Those on this device first, exact tags before related ones. */
export function fittingModels(models: ModelInfo[], from: string | null, to: string): ModelInfo[] {
  const rank = (model: ModelInfo): number =>
    (model.state === 'installed' ? 0 : model.state === 'partial' ? 1 : 2) * 4 +
    (from === null || model.from.includes(from) ? 0 : 2) +
    (model.to.includes(to) ? 0 : 1);
  return models
    .filter((model) => model.kind === 'translation' && model.to.some((tag) => answersFor(tag, to)))
    .filter((model) => from === null || model.from.some((tag) => answersFor(tag, from)))
    .sort((a, b) => rank(a) - rank(b));
}

/** The models that hear a language; `auto` is any. Those on this device first, exact tags before related ones. */
export function hearingModels(models: ModelInfo[], language: string): ModelInfo[] {
  const rank = (model: ModelInfo): number =>
    (model.state === 'installed' ? 0 : model.state === 'partial' ? 1 : 2) * 2 + (model.from.includes(language) ? 0 : 1);
  return models
    .filter((model) => language === 'auto' || model.from.some((tag) => answersFor(tag, language)))
    .sort((a, b) => rank(a) - rank(b));
}

/** What to say when no model hears a language. */
export function noHearingModelError(models: ModelInfo[], language: string): EngineError {
  const what = language === 'auto' ? 'speech' : languageName(language);
  return new EngineError(
    'unsupported-language',
    `There is no model that transcribes ${what}. ${availableModels(models)}.`,
  );
}

/** The tag by which a model knows a language. */
export function ownTag(offered: string[], wanted: string): string {
  return offered.find((tag) => tag === wanted) ?? offered.find((tag) => answersFor(tag, wanted)) ?? wanted;
}

/** What to say when no model fits. */
export function noModelError(models: ModelInfo[], from: string | null, to: string): EngineError {
  const pair = `${from === null ? '' : `from ${languageName(from)} `}to ${languageName(to)}`;
  return new EngineError(
    'unsupported-language',
    `There is no model that translates ${pair}. ${availableModels(models)}.`,
  );
}

function availableModels(models: ModelInfo[]): string {
  const names = models.map(({ name }) => name).join(', ');
  return names === '' ? 'No model is here, and none can be fetched without a connection' : `Available: ${names}`;
}

function languageName(tag: string): string {
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
}
