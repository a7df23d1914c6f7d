import * as v from 'valibot';
import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import { manifestSchema, modelIdSchema, type Manifest, type ManifestPart } from '../../protocol/manifest.ts';
import type { Provider } from '../../protocol/types.ts';
import type { ModelCache } from './cache.ts';

/** How long a slow network may hold up a model that is here already. */
const REFRESH_TIMEOUT_MS = 1500;

/** Of what a message quotes from a file, so much is shown. */
const QUOTED_LENGTH = 200;

/** In place of an HTTP status. */
const UNREACHABLE = 0;

const PREFIX = 'manifest/';
const IMPORTED = 'glossa-imported';

const indexSchema = v.array(modelIdSchema);
const keptSchema = v.pipe(v.string(), v.parseJson(), manifestSchema);

export interface KnownManifest {
  manifest: Manifest;
  /** Whether it came from files of the user's: then no server is asked for it. */
  imported: boolean;
}

/** The parts that a provider runs on, those that are only read when they are needed included. */
export function partsFor(manifest: Manifest, provider: Provider): ManifestPart[] {
  return manifest.parts.filter((part) => part.provider === undefined || part.provider === provider);
}

/** A file of the app: it lies above the folder that a built worker lies in, whatever path the page is under. */
export function appUrl(path: string): URL {
  return new URL(path, import.meta.env.DEV ? location.origin : new URL('../', location.href));
}

/** Where the models are served. */
function modelsUrl(path: string): URL {
  return appUrl(`models/${path}`);
}

/** Where a file of a model is served. */
export function modelUrl(id: string, file: string): URL {
  return modelsUrl(`${id}/${file}`);
}

/** @throws EngineError unsupported-model (another format) or model-corrupt (not a manifest) */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new EngineError('model-corrupt', 'The manifest of the model is not JSON. Fetch the model again.', { cause });
  }
  const parsed = v.safeParse(manifestSchema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  // Both quote what is in the file.
  const field = (v.getDotPath(issue) ?? 'the whole').slice(0, QUOTED_LENGTH);
  const reason = issue.message.slice(0, QUOTED_LENGTH);
  const foreign = field === 'format' || field === 'kind' || field === 'architecture.type';
  if (foreign && issue.input !== undefined) {
    throw new EngineError('unsupported-model', `This version cannot run the model (${field}: ${reason}).`);
  }
  throw new EngineError('model-corrupt', `The manifest of the model is wrong (${field}: ${reason}).`);
}

/** The ids of the models that this page's server has, or null when it cannot be reached. */
export async function servedModels(signal: AbortSignal): Promise<string[] | null> {
  const text = await fetchText(modelsUrl('index.json'), signal);
  if (typeof text !== 'string') return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), indexSchema), text);
  if (parsed.success) return parsed.output;
  throw new EngineError('model-corrupt', 'The list of models on the server is damaged. Try again later.');
}

/**
 * A model's manifest: an imported one as it was imported, a served one as this release of the page has it, and without a
 * network the one that came with the model.
 * @throws EngineError aborted, model-missing, model-corrupt, unsupported-model or download-failed
 */
export async function readManifest(id: string, cache: ModelCache, signal: AbortSignal): Promise<KnownManifest> {
  const kept = await keptManifest(id, cache);
  if (kept?.imported) return kept;
  const patience = kept ? AbortSignal.any([signal, AbortSignal.timeout(REFRESH_TIMEOUT_MS)]) : signal;
  const served = v.is(modelIdSchema, id) ? await fetchText(modelUrl(id, 'manifest.json'), patience) : 404;
  throwIfAborted(signal);
  if (typeof served === 'string') {
    const manifest = parseManifest(served);
    if (manifest.id !== id)
      throw new EngineError('model-corrupt', `The manifest of "${id}" is that of "${manifest.id}".`);
    return { manifest, imported: false };
  }
  if (kept) return kept;
  if (served === UNREACHABLE && !navigator.onLine) throw offlineError(id);
  if (served === 404) throw new EngineError('model-missing', `There is no model "${id}" here.`);
  const reason = served === UNREACHABLE ? 'The server cannot be reached' : `The server answered ${served}`;
  throw new EngineError('download-failed', `${reason}, so the model "${id}" was not fetched. Try again later.`);
}

/**
 * A manifest, and those of the models that it cannot work without. Throws what `read` throws.
 * @param read gives a model's manifest
 */
export async function withNeeds(
  known: KnownManifest,
  read: (id: string) => Promise<KnownManifest>,
): Promise<KnownManifest[]> {
  const all = new Map([[known.manifest.id, known]]);
  for (const { manifest } of all.values()) {
    for (const id of manifest.needs ?? []) {
      if (!all.has(id)) all.set(id, await read(id));
    }
  }
  return [...all.values()];
}

/** What a model that is not here needs. */
export function offlineError(id: string): EngineError {
  const message = `The model "${id}" is not on this device and there is no connection. Connect once to fetch it; after that it works offline.`;
  return new EngineError('model-missing', message);
}

/** Every manifest that is kept: those of the models that are on this device, wholly or in part. */
export async function keptManifests(cache: ModelCache): Promise<KnownManifest[]> {
  const ids = await cache.keys(PREFIX);
  return (await Promise.all(ids.map((id) => keptManifest(id, cache)))).filter((kept) => kept !== null);
}

/** Whether a model was installed, or begun to be. */
export const isKept = async (id: string, cache: ModelCache): Promise<boolean> =>
  (await cache.storedLength(PREFIX + id)) !== undefined;

/** A kept manifest that an earlier release wrote in a form that is not understood any more counts as none. */
async function keptManifest(id: string, cache: ModelCache): Promise<KnownManifest | null> {
  const entry = await cache.read(PREFIX + id);
  if (!entry) return null;
  const parsed = v.safeParse(keptSchema, new TextDecoder().decode(entry.bytes));
  return parsed.success ? { manifest: parsed.output, imported: entry.headers.has(IMPORTED) } : null;
}

export async function keepManifest({ manifest, imported }: KnownManifest, cache: ModelCache): Promise<void> {
  await cache.put(PREFIX + manifest.id, JSON.stringify(manifest), imported ? { [IMPORTED]: 'yes' } : {});
}

export async function forgetManifest(id: string, cache: ModelCache): Promise<void> {
  await cache.delete(PREFIX + id);
}

/** A response's text, or its status. A host that answers every address with its start page has no such file. */
async function fetchText(url: URL, signal: AbortSignal): Promise<string | number> {
  try {
    const response = await fetch(url, { cache: 'no-cache', signal });
    if (!response.ok) return response.status;
    if (response.headers.get('content-type')?.startsWith('text/html')) return 404;
    return await response.text();
  } catch {
    return UNREACHABLE;
  }
}
