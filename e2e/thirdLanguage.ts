import type { BrowserContext } from '@playwright/test';
import { readFileSync } from 'node:fs';

/** The id, and the language that it is said to write. */
export const THIRD = { id: 'en-gl', language: 'gl', name: 'Galician' } as const;

const MODELS = new URL('../models/', import.meta.url);

/** Serves a third language: the model from English into Portuguese once more, as if what it writes were Galician. */
export async function serveThirdLanguage(context: BrowserContext): Promise<void> {
  const read = (file: string): string => readFileSync(new URL(file, MODELS), 'utf8');
  const manifest: object = {
    ...(JSON.parse(read('en-pt/manifest.json')) as object),
    id: THIRD.id,
    name: 'English → Galician',
    to: [THIRD.language],
  };
  const index = [...(JSON.parse(read('index.json')) as string[]), THIRD.id];
  await context.route('**/models/index.json', (route) => route.fulfill({ json: index }));
  await context.route(`**/models/${THIRD.id}/manifest.json`, (route) => route.fulfill({ json: manifest }));
  await context.route(/\/models\/en-gl\/.*\.gz$/, (route) => {
    const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    return route.fulfill({ path: new URL(`en-pt/${file}`, MODELS).pathname });
  });
}
