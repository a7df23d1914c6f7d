import type { TFunction } from 'i18next';
import type { ModelInfo } from '../../protocol/types.ts';
import { directionName, languageName } from './format.ts';

/** What a model does, in the interface's language: "English → Portuguese", "Speech in English", "Captions for pictures: caption". */
export function modelName(t: TFunction, model: ModelInfo, locale: string): string {
  if (model.kind === 'translation') return directionName(model, locale);
  if (model.kind === 'captioning') return t('models.captioning', { name: model.id });
  return t('models.speech', { languages: model.from.map((tag) => languageName(tag, locale)).join(', ') });
}
