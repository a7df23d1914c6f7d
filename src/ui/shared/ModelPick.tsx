import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '../../protocol/types.ts';
import { modelName } from './modelName.ts';
import { PickOne } from './PickOne.tsx';

export interface ModelChoice {
  offered: ModelInfo[];
  /** The one in use; undefined while none is known. */
  model: ModelInfo | undefined;
  choose: (id: string) => void;
}

/** Which model is used, where there is more than one. */
export function ModelPick({ label, offered, model, choose }: ModelChoice & { label: string }) {
  const { t, i18n } = useTranslation();
  if (offered.length < 2 || !model) return null;
  return (
    <PickOne
      label={label}
      value={model.id}
      options={offered.map((each) => {
        const label = modelName(t, each, i18n.language);
        // Two that do the same are told apart by their own names.
        const alike = offered.some((other) => other !== each && modelName(t, other, i18n.language) === label);
        return { id: each.id, label: alike ? each.name : label };
      })}
      onChange={(id) => {
        if (id !== model.id) choose(id);
      }}
    />
  );
}
