import { addPlugins, cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { registerShareTarget } from './sw/shareTarget.ts';

declare const self: ServiceWorkerGlobalScope;

registerShareTarget(self.registration.scope);

/**
 * The same response with the headers that isolate a page. Static hosts that cannot set headers get threads this way from
 * the second visit on: the service worker has to be there before the page is.
 */
function isolate(response: Response): Response {
  // An opaque or failed response cannot be read, and needs no isolation.
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** Pages and worker scripts: what else they load needs no headers of its own, and a rebuilt response loses its compiled code. */
function wantsIsolation({ destination }: Request): boolean {
  return destination === 'document' || destination === 'worker';
}

// A browser keeps the code that it compiled from a .wasm beside its HTTP cache, and finds it again only where the response
// comes from there, untouched: the runtime then starts in half the time. Its name has a hash, so it cannot be stale there.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith('.wasm'),
  async ({ request }) => {
    const compiled = new Request(request, { cache: 'only-if-cached', mode: 'same-origin' });
    const response = await fetch(compiled).catch(() => undefined);
    return response?.ok ? response : ((await matchPrecache(request)) ?? fetch(request));
  },
);

// Models are not here: they lie in their own cache, named by sha256 and kept across releases.
addPlugins([
  {
    handlerWillRespond: ({ request, response }) =>
      Promise.resolve(wantsIsolation(request) ? isolate(response) : response),
  },
]);
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

// Pages and worker scripts that are not precached (WebGPU's runtime starts its threads from such a file).
registerRoute(
  ({ request, sameOrigin }) => sameOrigin && wantsIsolation(request),
  async ({ request }) => isolate(await fetch(request)),
);

// A newer version waits until the last tab of the older one is closed, so that no page loses its lazy chunks underway.
self.addEventListener('activate', () => {
  // Not waited for: Firefox has claimed a page only when all its workers know, and the engine's threads, which wait for work
  // without a turn of their event loop, never do. Until it is activated a service worker answers nothing.
  void self.clients.claim();
});
