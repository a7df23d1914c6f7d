import type { PageMessage, RequestRecord } from './protocol/network.ts';
import { answer } from './sw/answer.ts';
import { currentRules, rereadRules } from './sw/offlineLock.ts';
import { describeRequest, logRequest } from './sw/requestLog.ts';
import { registerShareTarget } from './sw/shareTarget.ts';
import { Shell } from './sw/shell.ts';

declare const self: ServiceWorkerGlobalScope;

/** Where the app lies, which may be any path of a host. */
const base = self.registration.scope;
registerShareTarget(base);

const shell = new Shell(self.__WB_MANIFEST, base);
const sources = {
  origin: self.location.origin,
  match: (request: Request) => shell.match(request),
  fetch: (request: Request) => fetch(request),
  rules: currentRules,
};

self.addEventListener('install', (event) => shell.install(event));

// A newer version waits until the reader asks for it or the last tab of the older one is closed, so that no page is
// changed underway.
self.addEventListener('activate', (event) => {
  event.waitUntil(shell.clean(event));
  // Not waited for: Firefox has claimed a page only when all its workers know, and the engine's threads, which wait for work
  // without a turn of their event loop, never do. Until it is activated a service worker answers nothing.
  void self.clients.claim();
});

self.addEventListener('fetch', (event) => {
  const { request, clientId } = event;
  const answered = answer(request, sources);
  event.respondWith(answered.then(({ response }) => response));
  event.waitUntil(
    Promise.all([answered, clientKind(clientId)]).then(([{ response, by }, client]) =>
      logRequest(describeRequest(request.url, base, client, by, response)),
    ),
  );
});

self.addEventListener('message', (event) => {
  const message = event.data as PageMessage;
  if (message === 'take-over') event.waitUntil(self.skipWaiting());
  if (message === 'rules-changed') event.waitUntil(rereadRules().then(() => event.ports[0]?.postMessage(null)));
});

/** Who asks: a page that is only being opened has no id yet. */
async function clientKind(id: string): Promise<RequestRecord['client']> {
  const client = id === '' ? undefined : await self.clients.get(id);
  return client?.type === 'worker' ? 'worker' : 'page';
}
