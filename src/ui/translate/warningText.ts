import type { TFunction } from 'i18next';
import type { Warning } from '../../protocol/types.ts';

/** A warning as a sentence in the interface's language. */
export const warningText = (t: TFunction, warning: Warning): string =>
  t(`warnings.${warning.code}`, { found: warning.found ?? '' });
