import { useTranslation } from 'react-i18next';
import { useDesk } from '../DeskContext.tsx';
import { routeFor } from '../useModels.ts';
import { languageName } from './format.ts';

/** Says of a direction by way of which language it goes: " · via English"; nothing where one model does it. */
export function useVia(): (from: string, to: string) => string {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  return (from, to) => {
    const via = routeFor(models.list ?? [], from, to)?.via;
    return via === undefined ? '' : ` · ${t('pivot.via', { language: languageName(via, i18n.language) })}`;
  };
}
