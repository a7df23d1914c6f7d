/** How long the page's files may take to come: a slow network, not a dead one. */
const PATIENCE_MS = 120_000;

/**
 * Has the service worker keep the page itself, and waits until it does. False where the browser has none, or does not let it
 * keep anything.
 */
export async function keepPage(signal: AbortSignal): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  try {
    const registration = await register(signal);
    if (await isPageKept()) return true;
    // Active, but its files were cleared away: only another installation brings them back.
    await registration.unregister();
    await register(signal);
    return await isPageKept();
  } catch {
    return false;
  }
}

/** Whether the files that the page opens with are on this device. */
export async function isPageKept(): Promise<boolean> {
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    if (!registration?.active) return false;
    for (const name of await shellCaches(registration.scope)) {
      const kept = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
      if (kept.some((path) => path.endsWith('/index.html')) && kept.some((path) => path.endsWith('.wasm'))) return true;
    }
    return false;
  } catch {
    return false;
  }
}

/** The caches in which the service worker of this page (one origin may hold several) keeps its files. */
export async function shellCaches(scope: string): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.includes('precache') && name.endsWith(scope));
}

/** Registering what is registered changes nothing. Resolves when it is active. */
async function register(signal: AbortSignal): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register(new URL('sw.js', document.baseURI));
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker) throw new Error('There is no service worker.');
  const enough = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (worker.state === 'activated') resolve();
      else if (worker.state === 'redundant') reject(new Error('The page’s files could not be kept.'));
    };
    look();
    worker.addEventListener('statechange', look, { signal: enough });
    enough.addEventListener('abort', () => reject(new Error('It took too long, or was stopped.')), { once: true });
  });
  return registration;
}
