import type { Page } from '@playwright/test';
import { SHARE_ACTION } from '../src/protocol/shared.ts';
import type { GivenFile } from './seePage.ts';

/** Posts what the system posts when another app shares with this one. */
export async function postShare(page: Page, fields: Record<string, string>, files: GivenFile[] = []): Promise<void> {
  const data = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  await Promise.all([
    page.waitForEvent('load'),
    page.evaluate(
      async ({ action, fields, data }) => {
        const form = document.createElement('form');
        Object.assign(form, { action, method: 'POST', enctype: 'multipart/form-data' });
        const transfer = new DataTransfer();
        for (const { name, mimeType, base64 } of data) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          transfer.items.add(new File([bytes], name, { type: mimeType }));
        }
        const input = Object.assign(document.createElement('input'), { type: 'file', name: 'files', multiple: true });
        input.files = transfer.files;
        form.append(input);
        for (const [name, value] of Object.entries(fields)) {
          form.append(Object.assign(document.createElement('textarea'), { name, value }));
        }
        document.body.append(form);
        form.submit();
      },
      { action: SHARE_ACTION, fields, data },
    ),
  ]);
}
