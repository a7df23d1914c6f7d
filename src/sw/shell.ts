import { cleanupOutdatedCaches, PrecacheController } from 'workbox-precaching';
import { withHeaders } from './headers.ts';
import { mayLeave } from '../protocol/network.ts';
import { currentRules } from './offlineLock.ts';
import { describeRequest, logRequest } from './requestLog.ts';

declare const self: ServiceWorkerGlobalScope;

/**
 * What the page needs to open without a network: its files and the WASM runtime. Models are not here: they lie in their own
 * cache, named by sha256. Files whose names have a hash are fetched again only when their content changed, so the runtime
 * outlives releases.
 */
export class Shell {
  readonly #precache: PrecacheController;
  readonly #base: string;

  /**
   * @param entries - the files with their revisions, as the build lists them
   * @param base - where the app lies, with a slash at its end
   */
  constructor(entries: Parameters<PrecacheController['addToCacheList']>[0], base: string) {
    this.#base = base;
    this.#precache = new PrecacheController({
      plugins: [
        {
          requestWillFetch: async ({ request }) => {
            if (mayLeave(request.url, new URL(base).origin, await currentRules())) return request;
            throw new Error('The reader allows no request to the network: this release waits.');
          },
          fetchDidSucceed: async ({ request, response }) => {
            void logRequest(describeRequest(request.url, base, 'service-worker', 'network', response));
            return response;
          },
          cacheWillUpdate: async ({ response }) => (response.status < 400 ? withHeaders(response) : null),
        },
      ],
    });
    this.#precache.addToCacheList(entries);
    cleanupOutdatedCaches();
  }

  /** Fetches what is new in this release. */
  install(event: ExtendableEvent): void {
    void this.#precache.install(event);
  }

  /** Deletes what only older releases need, unless another page may still run one: then the next release does. */
  async clean(event: ExtendableEvent): Promise<void> {
    const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    if (pages.length <= 1) await this.#precache.activate(event);
  }

  /** The file that a request asks for, where it is on this device. */
  async match(request: Request): Promise<Response | undefined> {
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || !request.url.startsWith(this.#base)) return undefined;
    return (pathname.endsWith('.wasm') ? await compiled(request) : undefined) ?? this.#kept(origin + pathname);
  }

  async #kept(address: string): Promise<Response | undefined> {
    const file = address === this.#base ? `${this.#base}index.html` : address;
    const current = await this.#precache.matchPrecache(file);
    if (current) return current;
    // A page of the release before, in another tab, goes on with the files of its own.
    const cache = await self.caches.open(this.#precache.strategy.cacheName);
    return cache.match(file);
  }
}

/**
 * A browser keeps the code that it compiled from a .wasm beside its HTTP cache, and finds it again only where the response
 * comes from there, untouched: the runtime then starts in half the time. Its name has a hash, so it cannot be stale there.
 */
async function compiled(request: Request): Promise<Response | undefined> {
  const cached = new Request(request, { cache: 'only-if-cached', mode: 'same-origin' });
  const response = await fetch(cached).catch(() => undefined);
  return response?.ok ? response : undefined;
}
