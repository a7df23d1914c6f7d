import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '../shared/Notice.tsx';
import { useCopy, type Copying } from '../shared/useCopy.ts';
import { sharedLink } from './shareLink.ts';

/** Beyond this, programs that pass links on tend to cut them off. */
const LONGEST_LINK = 16_000;

export interface Clipboard extends Copying {
  paste: (field: HTMLTextAreaElement | null, write: (text: string) => void) => Promise<void>;
  share: (text: string, from: string, to: string) => Promise<void>;
}

export function useClipboard(): Clipboard {
  const { t } = useTranslation();
  const notify = useNotify();
  const { copied, copy } = useCopy(t('target.copiedNotice'));

  const paste = useCallback(
    async (field: HTMLTextAreaElement | null, write: (text: string) => void) => {
      try {
        const text = await navigator.clipboard.readText();
        if (text === '' || !field) return;
        const { value, selectionStart, selectionEnd } = field;
        write(value.slice(0, selectionStart) + text + value.slice(selectionEnd));
        field.focus();
      } catch {
        field?.focus();
        notify(t('clipboard.pasteRefused'));
      }
    },
    [notify, t],
  );

  const share = useCallback(
    async (text: string, from: string, to: string) => {
      const link = sharedLink(location.href, text, from, to);
      if (link.length > LONGEST_LINK) {
        notify(t('share.tooLong'));
        return;
      }
      try {
        await navigator.clipboard.writeText(link);
        notify(t('share.copied'));
      } catch {
        notify(t('clipboard.refused'));
      }
    },
    [notify, t],
  );
  return { copied, copy, paste, share };
}
