import { registerRoute } from 'workbox-routing';
import { SHARE_ACTION, SHARE_FAILED, SHARED_CACHE } from '../protocol/shared.ts';

/**
 * Takes what other apps share: a form posted to the app's own folder, which no static host would understand. It is kept
 * byte for byte, so that it survives a crash of the page, and the page that is opened then reads it (src/ui/given/).
 * @param scope - the app's folder, an absolute URL
 */
export function registerShareTarget(scope: string): void {
  const action = new URL(SHARE_ACTION, scope).href;
  registerRoute(
    ({ url }) => url.href === action,
    async ({ request }) => {
      const kept = await keep(request, `${action}/${crypto.randomUUID()}`).catch(() => false);
      return Response.redirect(kept ? scope : new URL(SHARE_FAILED, scope).href, 303);
    },
    'POST',
  );
}

/** Rejects where the device has no room for it. */
async function keep(request: Request, name: string): Promise<boolean> {
  const form = await request.blob();
  const headers = { 'Content-Type': request.headers.get('Content-Type') ?? '' };
  await (await caches.open(SHARED_CACHE)).put(name, new Response(form, { headers }));
  return true;
}
