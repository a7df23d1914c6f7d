import type { TFunction } from 'i18next';
import type { ModelInfo } from '../../protocol/types.ts';
import { directionName, languageName } from './format.ts';

/** How captioners of our own differ: names that are the same in every language. */
const DECODERS: Partial<Record<string, string>> = { caption: 'Transformer', 'caption-lstm': 'LSTM' };

/** More are counted, not listed. */
const FEW_LANGUAGES = 4;

/**
 * What a model does, in the interface's language: "English → Portuguese", "Speech in English", "Captions for pictures: LSTM". One
 * that the reader brought is called as the reader called it.
 */
export function modelName(t: TFunction, model: ModelInfo, locale: string): string {
  if (model.brought) return model.name;
  if (model.kind === 'translation') return directionName(model, locale);
  if (model.kind === 'captioning') return t('models.captioning', { name: DECODERS[model.id] ?? model.name });
  if (model.kind === 'summary') return t('models.summariser', { name: model.name });
  if (model.from.length > FEW_LANGUAGES) return t('models.speechMany', { number: model.from.length, name: model.name });
  return t('models.speech', { languages: model.from.map((tag) => languageName(tag, locale)).join(', ') });
}
