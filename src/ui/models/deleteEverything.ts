import { deleteDatabases } from '../../library/everything.ts';
import { shellCaches } from './keepPage.ts';

/** What the names of all that is ours begin with: caches, databases, values of a tab. */
const OURS = 'glossa';

/**
 * Deletes the models, the reader's library, the page's own files and the service worker. What other apps of the same origin
 * keep stays. The page has to be loaded again afterwards. False where something would not go.
 */
export async function deleteEverything(): Promise<boolean> {
  const deleted = await Promise.allSettled([forgetValues(), deleteCaches(), deleteDatabases(OURS)]);
  return deleted.every(({ status }) => status === 'fulfilled');
}

async function deleteCaches(): Promise<void> {
  const registration = 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined;
  await registration?.unregister();
  if (!('caches' in globalThis)) return;
  const names = await caches.keys().catch(() => []);
  const shell = registration ? await shellCaches(registration.scope) : [];
  const ours = names.filter((name) => name.startsWith(OURS) || shell.includes(name));
  await Promise.all(ours.map((name) => caches.delete(name)));
}

async function forgetValues(): Promise<void> {
  for (const storage of [sessionStorage, localStorage]) {
    for (const key of Object.keys(storage)) if (key.startsWith(OURS)) storage.removeItem(key);
  }
}
