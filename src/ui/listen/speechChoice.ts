import type { ListeningChoices } from '../../library/listening.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { speechModel, speechModels } from '../useModels.ts';

/** What a speech model is asked, but for its sound. */
export interface SpeechAsked {
  model?: string;
  /** BCP-47, or `auto`. */
  language: string;
  task: 'transcribe' | 'translate';
}

/** What there is to choose for speech, and what was chosen. */
export interface SpeechChoice {
  offered: ModelInfo[];
  model: ModelInfo | undefined;
  /** What the model can be told that is spoken; empty where it knows one language alone. */
  languages: string[];
  /** null: it is detected. */
  spoken: string | null;
  canTranslate: boolean;
  asked: SpeechAsked;
  /** What will be written; null: whatever is spoken. */
  textLanguage: string | null;
}

/** Whether a model that hears several languages can write them down in English. */
const translatesIntoEnglish = (model: ModelInfo): boolean => model.from.length > 1 && model.to.includes('en');

export function speechChoice(
  models: ModelInfo[],
  {
    speechModel: chosen,
    spoken: wanted,
    intoEnglish,
  }: Pick<ListeningChoices, 'speechModel' | 'spoken' | 'intoEnglish'>,
): SpeechChoice {
  const model = speechModel(models, chosen);
  const [first = 'en', ...others] = model?.from ?? [];
  const languages = others.length > 0 ? [first, ...others] : [];
  const spoken = wanted !== null && languages.includes(wanted) ? wanted : null;
  const canTranslate = model !== undefined && translatesIntoEnglish(model);
  const translates = canTranslate && intoEnglish;
  const only = languages.length > 0 ? spoken : first;
  return {
    offered: speechModels(models),
    model,
    languages,
    spoken,
    canTranslate,
    asked: {
      ...(model ? { model: model.id } : {}),
      language: only ?? 'auto',
      task: translates ? 'translate' : 'transcribe',
    },
    textLanguage: translates ? 'en' : only,
  };
}
