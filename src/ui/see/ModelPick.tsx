import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '../../protocol/types.ts';
import { modelName } from '../shared/modelName.ts';
import { PickOne } from '../shared/PickOne.tsx';

export interface ModelChoice {
  offered: ModelInfo[];
  /** The one in use; undefined while none is known. */
  model: ModelInfo | undefined;
  choose: (id: string) => void;
}

/** Which model captions, where there is more than one. */
export function ModelPick({ offered, model, choose }: ModelChoice) {
  const { t, i18n } = useTranslation();
  if (offered.length < 2 || !model) return null;
  return (
    <PickOne
      label={t('see.model')}
      value={model.id}
      options={offered.map((each) => ({ id: each.id, label: modelName(t, each, i18n.language) }))}
      onChange={(id) => {
        if (id !== model.id) choose(id);
      }}
    />
  );
}
