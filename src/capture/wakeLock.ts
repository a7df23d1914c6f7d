/** Keeps the screen awake, where the browser can, until the function it returns is called. */
export function keepAwake(): () => void {
  let lock: Promise<WakeLockSentinel> | undefined;
  // Browsers let go of the lock when the page is hidden, and refuse it while it is, or when the battery is low.
  const take = (): void => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    lock = navigator.wakeLock.request('screen');
    lock.catch(() => undefined);
  };
  take();
  document.addEventListener('visibilitychange', take);
  return () => {
    document.removeEventListener('visibilitychange', take);
    lock?.then((held) => held.release()).catch(() => undefined);
  };
}
