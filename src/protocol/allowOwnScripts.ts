/** What of the browser's Trusted Types is used; TypeScript's own libraries do not have them yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

/**
 * Lets this page or worker start scripts (workers, the service worker, the runtime's threads) of its own origin, and
 * nothing else that the browser would run: no script, no markup, no address elsewhere. It is the default policy, because
 * the runtime starts its threads itself and gives the browser a plain address. To be called once, before any script is
 * started; where the browser knows no Trusted Types there is nothing to allow.
 */
export function allowOwnScripts(): void {
  const { trustedTypes } = globalThis as typeof globalThis & { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createScriptURL(url) {
      if (new URL(url, location.href).origin === location.origin) return url;
      throw new TypeError(`Only scripts of ${location.origin} may be started, not ${url}.`);
    },
  });
}
