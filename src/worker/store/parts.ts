import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { Manifest, ManifestPart } from '../../protocol/manifest.ts';
import { storageRoom } from '../../protocol/storageRoom.ts';
import type { Progress } from '../../protocol/types.ts';
import type { ModelCache } from './cache.ts';
import { begunBytes, download, forgetDownload, interrupted, type Wanted } from './download.ts';
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
  return (await cache.storedLength(key(part))) === part.unpackedBytes;
}

/** How much of a part is here. */
export interface Holding {
  whole: boolean;
  /** Its packed bytes that need not be fetched any more. */
  fetchedBytes: number;
  /** What it takes on this device. */
  diskBytes: number;
}

export async function holding(part: ManifestPart, cache: ModelCache): Promise<Holding> {
  if (await hasPart(part, cache)) {
    return { whole: true, fetchedBytes: part.packedBytes, diskBytes: part.unpackedBytes };
  }
  const begun = await begunBytes(piecesOf(part), cache);
  return { whole: false, fetchedBytes: Math.min(part.packedBytes, begun), diskBytes: begun };
}

/** A stored part, checked; undefined when there is none. A damaged one is dropped. */
export async function readPart(part: ManifestPart, cache: ModelCache): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const entry = await cache.read(key(part));
  if (!entry) return undefined;
  try {
    await checkUnpacked(part, entry.bytes);
    return entry.bytes;
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

function piecesOf(part: ManifestPart): string {
  return `partial/${part.packedSha256}/`;
}

/** A part as it is asked for from the page's own host. */
function wantedPart(part: ManifestPart, url: URL, cache: ModelCache, signal: AbortSignal): Wanted {
  const { file, packedBytes, unpackedBytes } = part;
  // The model has a cache of its own: no second copy in the browser's. Without one, the browser's spares another worker
  // the same download.
  const httpCache = cache.lasts ? 'no-store' : 'default';
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(url, { headers, cache: httpCache, signal }).catch((cause: unknown) =>
      Promise.reject(interrupted(file, signal, cause)),
    );
  return { file, pieces: piecesOf(part), packedBytes, gzip: true, unpackedBytes, ask };
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

  const here = new Map<ManifestPart, number>();
  for (const part of parts) here.set(part, (await holding(part, cache)).fetchedBytes);
  // While the last part is unpacked, its packed form is still there. What was begun is here already.
  const wanted = missing.map((part) => part.unpackedBytes + part.packedBytes - (here.get(part) ?? 0));
  await checkRoom(
    manifest,
    wanted.reduce((sum, bytes) => sum + bytes, 0),
  );
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
    const told = (bytes: number): void => report(part, bytes);
    await alone(part, cache, either, told, () => fetchPart(manifest, part, cache, either, told));
    report(part, part.packedBytes);
  });
  try {
    await Promise.all(fetches);
  } catch (error) {
    failure.abort();
    await Promise.allSettled(fetches);
    throwIfAborted(signal);
    throw await withShortage(error, missing, cache);
  }
}

/** Browsers that keep their estimate vague tell only by refusing to write: then all that is still missing finds no room. */
async function withShortage(error: unknown, missing: ManifestPart[], cache: ModelCache): Promise<unknown> {
  if (!(error instanceof EngineError) || error.code !== 'quota-exceeded' || error.shortage) return error;
  let neededBytes = 0;
  for (const part of missing) {
    const { whole, fetchedBytes } = await holding(part, cache);
    if (!whole) neededBytes += part.unpackedBytes + part.packedBytes - fetchedBytes;
  }
  return new EngineError(error.code, error.message, { cause: error, shortage: { neededBytes, freeBytes: 0 } });
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
  const wanted = wantedPart(part, modelUrl(manifest.id, part.file), cache, signal);
  for (let attempt = 1; ; attempt++) {
    try {
      const bytes = await download(wanted, cache, { signal, onBytes });
      await keepPart(part, await unpackPart(part, bytes), cache);
      await forgetDownload(wanted.pieces, cache);
      return;
    } catch (error) {
      if (!(error instanceof CorruptPart)) throw error;
      await forgetDownload(wanted.pieces, cache);
      if (attempt === 2) throw error;
    }
  }
}

/** How often a worker that waits for another's download looks how far it is. */
const LOOK_MS = 500;

/** Two workers, or tabs, must not fetch the same part at once: one waits, and tells how far the other is. */
async function alone(
  part: ManifestPart,
  cache: ModelCache,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
  work: () => Promise<void>,
): Promise<void> {
  if (!('locks' in navigator)) return work();
  throwIfAborted(signal);
  const looking = setInterval(() => {
    void holding(part, cache).then(({ fetchedBytes }) => onBytes(fetchedBytes));
  }, LOOK_MS);
  try {
    await navigator.locks.request(`glossa-part-${part.packedSha256}`, { signal }, () => {
      clearInterval(looking);
      return work();
    });
  } finally {
    clearInterval(looking);
  }
}

/** @throws EngineError quota-exceeded, where the browser says that so many bytes do not fit */
export async function checkRoom({ id }: Pick<Manifest, 'id'>, neededBytes: number): Promise<void> {
  const room = await storageRoom();
  if (!room || neededBytes <= room.freeBytes) return;
  const { freeBytes } = room;
  throw new EngineError(
    'quota-exceeded',
    `The model "${id}" needs ${megabytes(neededBytes)} of storage and the browser has ${megabytes(freeBytes)} left. Remove another model, or free space on this device.`,
    { shortage: { neededBytes, freeBytes } },
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e5) / 10} MB`;
}
