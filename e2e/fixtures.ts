import { test as base, type Page } from '@playwright/test';
import type { Glossa } from '../src/client/engine.ts';

declare global {
  var glossa: Glossa;
  /** "Name code" of what a call rejects with. */
  function failure(call: Promise<unknown>): Promise<string>;
}

/** What Chromium writes to the console when a policy stops something in a page, and the guard in a worker. */
const VIOLATION = /Content Security Policy|Trusted(HTML|Script|ScriptURL)|[Pp]ermissions[- ][Pp]olicy/;

/** In a worker: what its policy stops, which Chromium tells the worker alone. */
const tellViolations = (): void =>
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`Content Security Policy of a worker: ${violatedDirective}, ${blockedURI}`),
  );

/**
 * Every test stands guard over three promises besides its own: no request leaves the page's origin, no policy has to stop
 * anything, and nothing is thrown that nobody catches.
 */
export const test = base.extend<{ guard: undefined }>({
  guard: [
    async ({ page, context, baseURL }, use) => {
      const origins = new Set<string>();
      context.on('request', (request) => origins.add(new URL(request.url()).origin));
      const uncaught: string[] = [];
      page.on('pageerror', (error) => uncaught.push(error.message));
      const violations: string[] = [];
      context.on('console', (message) => {
        // The recorder of traces asks for blobs again; the app itself fetches none.
        const text = message.text();
        if (VIOLATION.test(text) && !text.startsWith("Connecting to 'blob:")) violations.push(text);
      });
      // A worker that ends at once has nothing to tell.
      page.on('worker', (worker) => void worker.evaluate(tellViolations).catch(() => undefined));
      await use(undefined);
      const own = new Set([new URL(baseURL ?? '').origin, new URL(page.url()).origin, 'null']);
      base.expect([...origins].filter((origin) => !own.has(origin))).toEqual([]);
      base.expect(violations).toEqual([]);
      base.expect(uncaught.filter((message) => !message.includes(STAGED_CRASH))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';

/** What a staged crash throws inside a worker, so that the guard can tell it from a real one. */
export const STAGED_CRASH = 'staged crash';

/** Has the pages that are opened from now on save data: they fetch nothing large of themselves. */
export async function saveData(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const connection: unknown = Reflect.get(navigator, 'connection');
    if (typeof connection === 'object' && connection !== null) {
      Object.defineProperty(connection, 'saveData', { value: true });
    }
  });
}

/** Opens the page (at `path`) and waits for the API. */
export async function openApp(page: Page, path = './'): Promise<void> {
  await page.addInitScript(() => {
    globalThis.failure = (call) =>
      call.then(
        () => 'no error',
        (error: unknown) =>
          error instanceof Error && 'code' in error ? `${error.name} ${String(error.code)}` : String(error),
      );
  });
  await page.goto(path);
  await page.waitForFunction(() => 'glossa' in globalThis);
}

const SENTENCES = [
  'The harbour was quiet when the first boats came in before sunrise.',
  'Nobody on the pier expected the council to change its mind so soon.',
  'She opened the letter, read it twice and put it back in the drawer.',
  'In the spring the river rises and the lower fields are under water.',
  'The new rules will apply to every shop that opens after the first of May.',
  'A good dictionary gives an example for each meaning of a word.',
  'They walked for hours without meeting anyone on the road to the village.',
  'If the engine does not start, check the battery before you call for help.',
];

/** English paragraphs of about `length` characters, no two sentences alike, with blank lines between. */
export function englishText(length: number): string {
  const paragraphs: string[] = [];
  for (let i = 0, made = 0; made < length; i++) {
    const paragraph = SENTENCES.map(
      (sentence, j) => `${sentence.slice(0, -1)} in year ${1000 + i * SENTENCES.length + j}.`,
    );
    paragraphs.push(paragraph.join(' '));
    made += paragraphs.at(-1)!.length + 2;
  }
  return paragraphs.join('\n\n');
}

/** Begins a translation that takes long, and waits until it is under way; what is given tells how it ended. */
export async function beginLongCall(page: Page): Promise<() => Promise<string>> {
  await page.evaluate((text) => {
    const { promise: underway, resolve: begin } = Promise.withResolvers<undefined>();
    const call = glossa.translate(text, { from: 'en', to: 'pt', onSentence: () => begin(undefined) });
    Object.assign(globalThis, { ended: failure(call) });
    return underway;
  }, englishText(100_000));
  return () => page.evaluate(() => (globalThis as typeof globalThis & { ended: Promise<string> }).ended);
}
