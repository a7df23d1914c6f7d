import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { Manifest, ManifestPart } from '../../protocol/manifest.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { ModelCache } from './cache.ts';
import { forgetManifest, keepManifest, keptManifests, parseManifest } from './manifests.ts';
import { mark } from './marks.ts';
import { describe, dropOrphans } from './models.ts';
import { checkRoom, hasPart, keepPart, type FetchOptions } from './parts.ts';
import { CorruptPart, unpackPart } from './unpack.ts';

/** A file of a model's folder, wherever it comes from. */
export interface FolderFile {
  /** Its name, after folders. */
  path: string;
  sizeBytes: number;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/** The manifest among the files of an exported model folder; undefined where there is none. */
export function manifestAmong(files: readonly FolderFile[]): FolderFile | undefined {
  return files.find(({ path }) => isCalled(path, 'manifest.json'));
}

/**
 * Installs a model from the files of an exported model folder: its manifest.json and the parts that it names.
 * @throws EngineError aborted, unsupported-model (not such a folder), model-corrupt or quota-exceeded
 */
export async function importModel(
  files: readonly FolderFile[],
  { signal, onProgress }: FetchOptions,
): Promise<ModelInfo> {
  const manifestFile = manifestAmong(files);
  if (!manifestFile) {
    throw new EngineError(
      'unsupported-model',
      'These files are not a model of Glossa: there is no manifest.json among them. Choose all the files of the model’s folder.',
    );
  }
  const manifest = parseManifest(new TextDecoder().decode(await manifestFile.bytes()));
  const total = manifest.parts.reduce((sum, part) => sum + part.packedBytes, 0);
  const unpacked = new Map<ManifestPart, Uint8Array<ArrayBuffer>>();
  let done = 0;
  for (const part of manifest.parts) {
    throwIfAborted(signal);
    const bytes = await importPart(part, files);
    if (bytes) unpacked.set(part, bytes);
    done += part.packedBytes;
    onProgress?.({ stage: 'load', done, total, unit: 'bytes' });
  }
  return keepModel(manifest, unpacked);
}

/** A part from the file of its name, unpacked and checked; undefined where a file that can be missing is. */
async function importPart(
  part: ManifestPart,
  files: readonly FolderFile[],
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // Browsers and archives may have unpacked it on the way.
  const names = [part.file, part.file.replace(/\.gz$/, '')];
  const file = files.find(({ path }) => names.some((name) => isCalled(path, name)));
  if (!file) {
    if (part.lazy || part.provider === 'webgpu') return undefined;
    throw new EngineError(
      'model-corrupt',
      `The model's file "${part.file}" is missing. Choose all the files of its folder.`,
    );
  }
  if (file.sizeBytes > Math.max(part.packedBytes, part.unpackedBytes)) throw new CorruptPart(part, 'it is too long');
  return unpackPart(part, await file.bytes());
}

const isCalled = (path: string, name: string): boolean => path === name || path.endsWith(`/${name}`);

/**
 * Keeps a model that came from the reader's files: no server is asked for it. One of the same id is replaced.
 * @param unpacked its parts, checked, or as they were made
 * @throws EngineError quota-exceeded; then nothing of it is kept
 */
export async function keepModel(
  manifest: Manifest,
  unpacked: ReadonlyMap<ManifestPart, Uint8Array<ArrayBuffer>>,
): Promise<ModelInfo> {
  const cache = await ModelCache.open();
  await checkRoom(
    manifest,
    [...unpacked.values()].reduce((sum, bytes) => sum + bytes.length, 0),
  );
  try {
    // The manifest comes last, so that a model of which only a part was kept is never seen.
    await keepParts(unpacked, cache);
    await keepManifest({ manifest, imported: true }, cache);
    // Without a manifest they were orphans, which somebody else may have dropped meanwhile.
    await keepParts(unpacked, cache);
  } catch (error) {
    await forgetManifest(manifest.id, cache);
    throw error;
  } finally {
    await dropOrphans(cache);
  }
  await mark('verified', manifest.id, cache);
  return describe([{ manifest, imported: true }], cache);
}

/** An id that no other model on this device has: the one wanted, or one with a number after it. The same parts are the same model. */
export async function freeId(wanted: string, parts: readonly ManifestPart[]): Promise<string> {
  const kept = await keptManifests(await ModelCache.open());
  const sums = new Set(parts.map((part) => part.unpackedSha256));
  const isTaken = (id: string): boolean =>
    kept.some(({ manifest }) => manifest.id === id && !manifest.parts.every((part) => sums.has(part.unpackedSha256)));
  let id = wanted;
  for (let number = 2; isTaken(id); number++) id = `${wanted}-${number}`;
  return id;
}

async function keepParts(
  unpacked: ReadonlyMap<ManifestPart, Uint8Array<ArrayBuffer>>,
  cache: ModelCache,
): Promise<void> {
  for (const [part, bytes] of unpacked) {
    if (!(await hasPart(part, cache))) await keepPart(part, bytes, cache);
  }
}
