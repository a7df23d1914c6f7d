import type { Page } from '@playwright/test';
import type { ImportAbout, ModelInfo } from '../src/protocol/types.ts';

/** Imports a model from its files by their paths, by the API. */
export function importFiles(
  page: Page,
  files: Iterable<readonly [path: string, bytes: Uint8Array]>,
  about: ImportAbout,
): Promise<ModelInfo> {
  const encoded = [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')] as const);
  return page.evaluate(
    ([given, options]) => {
      const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
        Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const chosen = given.map(([path, base64]) => new File([bytesOf(base64)], path.split('/').at(-1) ?? path));
      return glossa.models.import(chosen, options);
    },
    [encoded, about] as const,
  );
}
