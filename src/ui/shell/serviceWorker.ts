import type { PageMessage } from '../../protocol/network.ts';

/** What the page says about itself, and is told, while the service worker comes and goes. */
export interface ShellKeeping {
  /** Whether a reload would take nothing from the reader: nothing was touched, typed or begun. */
  isUntouched(): boolean;
  /** A new version is there; `takeOver` reloads the page into it. */
  offer(takeOver: () => void): void;
}

/** A page is reloaded for its isolation once at most. */
const RELOADED = 'glossa-reloaded';

let registered = false;

/**
 * Has the service worker keep the page for offline use. Where the host does not isolate the page, the service worker does
 * from the next load on: an untouched page loads again at once. A new version waits until it is taken.
 */
export function keepShell({ isUntouched, offer }: ShellKeeping): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator) || registered) return;
  registered = true;
  const { serviceWorker } = navigator;
  let wasControlled = serviceWorker.controller !== null;
  let asked = false;

  serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload();
    else if (wasControlled) offer(() => location.reload());
    else if (!crossOriginIsolated && isUntouched() && !wasReloaded()) location.reload();
    wasControlled = true;
  });

  const watch = (registration: ServiceWorkerRegistration): void => {
    const look = (): void => {
      if (!registration.waiting || !serviceWorker.controller) return;
      offer(() => {
        asked = true;
        // Another tab may have taken it meanwhile.
        if (registration.waiting) registration.waiting.postMessage('take-over' satisfies PageMessage);
        else location.reload();
      });
    };
    look();
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => {
        if (installing.state === 'installed') look();
      });
    });
  };
  // Without it the page works all the same, only not offline.
  serviceWorker
    .register(new URL('sw.js', document.baseURI))
    .then(watch)
    .catch(() => undefined);
}

/** Whether this tab was reloaded for its isolation before, and that it is now. Where nothing can be noted: better not again. */
function wasReloaded(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED) !== null) return true;
    sessionStorage.setItem(RELOADED, '');
    return false;
  } catch {
    return true;
  }
}
