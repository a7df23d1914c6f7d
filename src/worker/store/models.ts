import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { Manifest, ManifestPart } from '../../protocol/manifest.ts';
import type { ModelInfo, Provider } from '../../protocol/types.ts';
import { ModelCache } from './cache.ts';
import {
  type KnownManifest,
  forgetManifest,
  isKept,
  keepManifest,
  keptManifests,
  partsFor,
  readManifest,
  servedModels,
  withNeeds,
} from './manifests.ts';
import { forgetMarks, mark, markedAt, unmark } from './marks.ts';
import { dropPartsOutside, fetchParts, hasPart, holding, readPart, type FetchOptions, type Holding } from './parts.ts';
import { CorruptPart } from './unpack.ts';

/** A model whose parts are on this device. */
export interface OpenModel {
  manifest: Manifest;
  /**
   * A part unpacked and checked, by its role; fetched first if it is not here. The bytes are the caller's: they are read
   * again when they are asked for again.
   * @throws EngineError aborted, model-missing, model-corrupt, download-failed or quota-exceeded
   */
  part(role: string): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * A model ready to be read for one provider: what is missing is fetched first, with byte progress over the whole of it.
 * All parts that are read at once are being read when this resolves.
 * @throws EngineError aborted, model-missing, model-corrupt, unsupported-model, download-failed or quota-exceeded
 */
export async function openModel(id: string, options: FetchOptions & { provider: Provider }): Promise<OpenModel> {
  const cache = await ModelCache.open();
  const known = await readManifest(id, cache, options.signal);
  const { manifest } = known;
  const parts = partsFor(manifest, options.provider);
  const needed = parts.filter((part) => !part.lazy);
  if (!(await haveAll(needed, cache))) await fetchAndKeep(known, parts, cache, options);

  const reading = new Map<ManifestPart, Promise<Uint8Array<ArrayBuffer>>>();
  for (const part of needed) {
    const bytes = readOrFetch(manifest, part, cache, options);
    bytes.catch(() => undefined); // reported to whoever asks for the part
    reading.set(part, bytes);
  }
  return {
    manifest,
    part(role) {
      const part = parts.find((candidate) => candidate.role === role);
      if (!part) {
        const message = `The model "${id}" has no part "${role}" for ${options.provider}.`;
        return Promise.reject(new EngineError('unsupported-model', message));
      }
      const bytes = reading.get(part) ?? readOrFetch(manifest, part, cache, options);
      reading.delete(part);
      return bytes;
    },
  };
}

/**
 * Fetches everything of a model that the WASM provider may ever need, so that it works offline, and of the models that it needs.
 * Throws as `openModel`.
 */
export async function installModel(id: string, { signal, onProgress }: FetchOptions): Promise<ModelInfo> {
  const cache = await ModelCache.open();
  const read = (needed: string): Promise<KnownManifest> => readManifest(needed, cache, signal);
  const models = await withNeeds(await read(id), read);
  const missing: KnownManifest[] = [];
  for (const known of models) {
    if (!(await haveAll(partsFor(known.manifest, 'wasm'), cache))) missing.push(known);
  }
  const total = sum(missing.map(({ manifest }) => wasmBytes(manifest)));
  let before = 0;
  for (const known of missing) {
    await fetchAndKeep(known, partsFor(known.manifest, 'wasm'), cache, {
      signal,
      onProgress: (progress) => onProgress?.({ ...progress, done: before + progress.done, total }),
    });
    before += wasmBytes(known.manifest);
  }
  return describe(models, cache);
}

/** What the server has and what is on this device. A model whose manifest cannot be read does not hide the others. */
export async function listModels(signal: AbortSignal): Promise<ModelInfo[]> {
  const cache = await ModelCache.open();
  const kept = (await keptManifests(cache)).map(({ manifest }) => manifest.id);
  const ids = new Set([...((await servedModels(signal)) ?? []), ...kept]);
  throwIfAborted(signal);
  const manifests = new Map<string, Promise<KnownManifest>>();
  const read = (id: string): Promise<KnownManifest> => {
    const manifest = manifests.get(id) ?? readManifest(id, cache, signal);
    manifests.set(id, manifest);
    return manifest;
  };
  const described = await Promise.allSettled(
    [...ids].map(async (id) => describe(await withNeeds(await read(id), read), cache)),
  );
  throwIfAborted(signal);
  return described.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
}

/** Removes a model from this device, and what only it needed; what it shares with another one stays. */
export async function removeModel(id: string): Promise<void> {
  const cache = await ModelCache.open();
  const kept = (await keptManifests(cache)).map(({ manifest }) => manifest);
  const needs = kept.find((manifest) => manifest.id === id)?.needs ?? [];
  const others = kept.filter((manifest) => manifest.id !== id);
  const unneeded = needs.filter((needed) => !others.some((other) => other.needs?.includes(needed)));
  for (const gone of [id, ...unneeded]) {
    await forgetManifest(gone, cache);
    await forgetMarks(gone, cache);
  }
  await dropOrphans(cache);
}

/**
 * Reads every stored part again and compares its checksum. `broken` names the files that are damaged (and now dropped, so
 * that the next use fetches them again) or missing.
 */
export async function verifyModel(id: string, signal: AbortSignal): Promise<{ ok: boolean; broken: string[] }> {
  const cache = await ModelCache.open();
  const read = (needed: string): Promise<KnownManifest> => readManifest(needed, cache, signal);
  const models = await withNeeds(await read(id), read);
  const broken: string[] = [];
  for (const part of models.flatMap(({ manifest }) => manifest.parts)) {
    throwIfAborted(signal);
    const wanted = !part.lazy && part.provider !== 'webgpu';
    if (!wanted && !(await hasPart(part, cache))) continue;
    if (!(await readPart(part, cache))) broken.push(part.file);
  }
  const ok = broken.length === 0;
  await Promise.all(models.map(({ manifest }) => (ok ? mark : unmark)('verified', manifest.id, cache)));
  return { ok, broken };
}

/** The manifest is kept first: a part without one would be an orphan. Every part is compared with its checksum on the way. */
async function fetchAndKeep(
  known: KnownManifest,
  parts: ManifestPart[],
  cache: ModelCache,
  options: FetchOptions,
): Promise<void> {
  await keepManifest(known, cache);
  await fetchParts(known.manifest, parts, cache, options);
  await mark('verified', known.manifest.id, cache);
  await dropOrphans(cache);
}

export async function dropOrphans(cache: ModelCache): Promise<void> {
  await dropPartsOutside(
    (await keptManifests(cache)).map(({ manifest }) => manifest),
    cache,
  );
}

async function haveAll(parts: ManifestPart[], cache: ModelCache): Promise<boolean> {
  return (await Promise.all(parts.map((part) => hasPart(part, cache)))).every(Boolean);
}

/** A part from the cache; fetched when it is not there or damaged. */
async function readOrFetch(
  manifest: Manifest,
  part: ManifestPart,
  cache: ModelCache,
  { signal }: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const stored = await readPart(part, cache);
  if (stored) return stored;
  await fetchParts(manifest, [part], cache, { signal });
  const fetched = await readPart(part, cache);
  if (!fetched) throw new CorruptPart(part, 'this device does not keep it as it was fetched');
  return fetched;
}

/** @param models the model that is described, and those it needs: its bytes are those of all */
export async function describe(models: KnownManifest[], cache: ModelCache): Promise<ModelInfo> {
  const [described] = models;
  if (!described) throw new RangeError('There is no model to describe.');
  const { id, kind, name, from, to, licence, licenceUrl, source, sourceUrl, quality } = described.manifest;
  const parts = models.flatMap(({ manifest }) => partsFor(manifest, 'wasm'));
  const held = new Map<ManifestPart, Holding>();
  for (const part of models.flatMap(({ manifest }) => manifest.parts)) held.set(part, await holding(part, cache));
  const storedBytes = sum(parts.map((part) => held.get(part)?.fetchedBytes ?? 0));
  const installed = parts.every((part) => part.lazy === true || held.get(part)?.whole);
  const lastUsedAt = await markedAt('used', id, cache);
  const verifiedAt = await markedAt('verified', id, cache);
  return {
    ...{ id, kind, name, from, to, licence, licenceUrl, source, sourceUrl, quality },
    downloadBytes: sum(parts.map((part) => part.packedBytes)),
    storedBytes,
    unpackedBytes: sum(parts.map((part) => part.unpackedBytes)),
    diskBytes: sum([...held.values()].map(({ diskBytes }) => diskBytes)),
    // What another model has of the same files does not make this one begun.
    state: installed ? 'installed' : storedBytes > 0 && (await isKept(id, cache)) ? 'partial' : 'available',
    ...(described.imported && { brought: true as const }),
    ...(parts[0] && { sha256: parts[0].unpackedSha256 }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    ...(verifiedAt !== undefined && installed && { verifiedAt }),
  };
}

function wasmBytes(manifest: Manifest): number {
  return sum(partsFor(manifest, 'wasm').map((part) => part.packedBytes));
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
