/** What this site keeps on the device and may still keep, in bytes, as the browser estimates it. */
export interface StorageRoom {
  usedBytes: number;
  freeBytes: number;
}

/** The one reading of the browser's estimate. Null where it does not tell: then keeping something is simply tried. */
export async function storageRoom(): Promise<StorageRoom | null> {
  if (!('storage' in navigator)) return null;
  try {
    const { quota, usage } = await navigator.storage.estimate();
    if (quota === undefined || usage === undefined) return null;
    return { usedBytes: usage, freeBytes: Math.max(0, quota - usage) };
  } catch {
    return null;
  }
}
