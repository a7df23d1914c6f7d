import { SHARE_ACTION, SHARE_FAILED, SHARED_CACHE } from '../protocol/shared.ts';

declare const self: ServiceWorkerGlobalScope;

/**
 * Takes what other apps share: a form posted to the app's own folder, which no static host would understand. It is kept
 * byte for byte, so that it survives a crash of the page, and the page that is opened then reads it (src/ui/given/). Comes
 * before whatever else answers requests.
 * @param scope - the app's folder, an absolute URL
 */
export function registerShareTarget(scope: string): void {
  const action = new URL(SHARE_ACTION, scope).href;
  self.addEventListener('fetch', (event) => {
    const { request } = event;
    if (request.method !== 'POST' || request.url !== action) return;
    event.stopImmediatePropagation();
    event.respondWith(keep(request, `${action}/${crypto.randomUUID()}`, scope));
  });
}

/** Sends the page on to the app; where the device has no room for what was shared, with a word about it. */
async function keep(request: Request, name: string, scope: string): Promise<Response> {
  try {
    const headers = { 'Content-Type': request.headers.get('Content-Type') ?? '' };
    const cache = await caches.open(SHARED_CACHE);
    await cache.put(name, new Response(await request.blob(), { headers }));
    return Response.redirect(scope, 303);
  } catch {
    return Response.redirect(new URL(SHARE_FAILED, scope).href, 303);
  }
}
