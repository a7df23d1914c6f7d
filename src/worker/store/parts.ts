import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { Manifest, ManifestPart } from '../../protocol/manifest.ts';
import type { Progress } from '../../protocol/types.ts';
import { storedLength, type ModelCache } from './cache.ts';
import { begunBytes, download, forgetDownload } from './download.ts';
import { modelUrl, offlineError } from './manifests.ts';
import { checkUnpacked, CorruptPart, unpackPart } from './unpack.ts';

/*
 * Parts are kept unpacked: reading 17 MB from Cache Storage takes a fifteenth of the time that reading and unpacking 13 MB
 * takes (30 against 500 ms on a busy machine), at every start. Their checksums are compared at every start too: that is
 * done on another thread while the runtime compiles, which takes longer.
 */

export interface FetchOptions {
  signal: AbortSignal;
  onProgress?: ((progress: Progress) => void) | undefined;
}

export async function hasPart(part: ManifestPart, cache: ModelCache): Promise<boolean> {
  const response = await cache.get(key(part));
  return response !== undefined && storedLength(response) === part.unpackedBytes;
}

/** The packed bytes of a part that need not be fetched any more. */
export async function storedBytes(part: ManifestPart, cache: ModelCache): Promise<number> {
  return (await hasPart(part, cache)) ? part.packedBytes : Math.min(part.packedBytes, await begunBytes(part, cache));
}

/** A stored part, checked; undefined when there is none. A damaged one is dropped. */
export async function readPart(part: ManifestPart, cache: ModelCache): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await cache.get(key(part));
  if (!response) return undefined;
  try {
    const bytes = new Uint8Array(await response.arrayBuffer());
    await checkUnpacked(part, bytes);
    return bytes;
  } catch {
    await cache.delete(key(part));
    return undefined;
  }
}

/** Keeps a part that was unpacked and checked. @throws EngineError quota-exceeded */
export async function keepPart(
  part: ManifestPart,
  unpacked: Uint8Array<ArrayBuffer>,
  cache: ModelCache,
): Promise<void> {
  await cache.put(key(part), unpacked);
}

/** Drops every stored part, and every begun download, that none of these manifests names. */
export async function dropPartsOutside(manifests: Manifest[], cache: ModelCache): Promise<void> {
  const parts = manifests.flatMap((manifest) => manifest.parts);
  const unpacked = new Set(parts.map((part) => part.unpackedSha256));
  const packed = new Set(parts.map((part) => part.packedSha256));
  const stored = (await cache.keys('sha256/')).filter((hash) => !unpacked.has(hash)).map((hash) => `sha256/${hash}`);
  const begun = (await cache.keys('partial/')).filter((piece) => !packed.has(piece.split('/')[0] ?? ''));
  await Promise.all([...stored, ...begun.map((piece) => `partial/${piece}`)].map((entry) => cache.delete(entry)));
}

function key(part: ManifestPart): string {
  return `sha256/${part.unpackedSha256}`;
}

/**
 * Fetches those of a model's parts that are not here, at the same time and with one progress over all of them.
 * @throws EngineError aborted, model-missing (offline), download-failed, quota-exceeded or model-corrupt
 */
export async function fetchParts(
  manifest: Manifest,
  parts: ManifestPart[],
  cache: ModelCache,
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  const present = await Promise.all(parts.map((part) => hasPart(part, cache)));
  const missing = parts.filter((_, index) => !present[index]);
  if (missing.length === 0) return;
  if (!navigator.onLine) throw offlineError(manifest.id);
  await checkRoom(manifest, missing);

  const here = new Map<ManifestPart, number>();
  for (const part of parts) here.set(part, await storedBytes(part, cache));
  const total = parts.reduce((sum, part) => sum + part.packedBytes, 0);
  function report(part: ManifestPart, bytes: number): void {
    here.set(part, Math.max(bytes, here.get(part) ?? 0));
    const done = [...here.values()].reduce((sum, value) => sum + value, 0);
    onProgress?.({ stage: 'download', done, total, unit: 'bytes' });
  }

  // The first failure stops the others; each keeps what it has.
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const fetches = missing.map(async (part) => {
    await withLock(part, either, () => fetchPart(manifest, part, cache, either, (bytes) => report(part, bytes)));
    report(part, part.packedBytes);
  });
  try {
    await Promise.all(fetches);
  } catch (error) {
    failure.abort();
    await Promise.allSettled(fetches);
    throwIfAborted(signal);
    throw error;
  }
}

/** Fetches one part unless another worker, or tab, has done so meanwhile. A damaged download is begun anew, once. */
async function fetchPart(
  manifest: Manifest,
  part: ManifestPart,
  cache: ModelCache,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  if (await hasPart(part, cache)) return;
  const url = modelUrl(manifest.id, part.file);
  for (let attempt = 1; ; attempt++) {
    try {
      const bytes = await download(part, url, cache, { signal, onBytes });
      await keepPart(part, await unpackPart(part, bytes), cache);
      await forgetDownload(part, cache);
      return;
    } catch (error) {
      if (!(error instanceof CorruptPart)) throw error;
      await forgetDownload(part, cache);
      if (attempt === 2) throw error;
    }
  }
}

/** Two workers must not fetch the same part at once. */
async function withLock(part: ManifestPart, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work();
  throwIfAborted(signal);
  await navigator.locks.request(`glossa-part-${part.packedSha256}`, { signal }, work);
}

async function checkRoom(manifest: Manifest, missing: ManifestPart[]): Promise<void> {
  if (!('storage' in navigator)) return;
  const { quota, usage } = await navigator.storage.estimate();
  if (quota === undefined || usage === undefined) return;
  // While the last part is unpacked, its packed form is still there.
  const needed = missing.reduce((sum, part) => sum + part.unpackedBytes + part.packedBytes, 0);
  const free = Math.max(0, quota - usage);
  if (needed <= free) return;
  throw new EngineError(
    'quota-exceeded',
    `The model "${manifest.id}" needs ${megabytes(needed)} of storage and the browser has ${megabytes(free)} left. Remove another model, or free space on this device.`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e5) / 10} MB`;
}
