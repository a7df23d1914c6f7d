import * as v from 'valibot';
import type { ConvertedPart } from '../../convert/converted.ts';
import type { ForeignFile, ForeignModel } from '../../convert/foreign.ts';
import { identify } from '../../convert/identify.ts';
import { openFiles } from '../../convert/openFiles.ts';
import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import { manifestSchema, type Manifest, type ManifestPart } from '../../protocol/manifest.ts';
import type { ImportAbout, ModelInfo, Progress } from '../../protocol/types.ts';
import { freeId, importModel, keepModel, manifestAmong } from '../store/importModel.ts';
import { parseManifest, partsFor } from '../store/manifests.ts';
import { installModel, type OpenModel } from '../store/models.ts';
import { sha256 } from '../store/unpack.ts';
import type { Task } from './task.ts';
import { startTrial, tryModel } from './tryModel.ts';

/** How far an import is after each of its steps, roughly by the time that they take. */
const [CONVERTED, MEASURED, TRIED, KEPT] = [55, 65, 90, 100];

interface ImportOptions {
  signal: AbortSignal;
  progress(progress: Progress): void;
}

/** The model that tells speech from silence, without which no recogniser runs. It is served with the page. */
const VOICE_ACTIVITY = 'silero-vad';

/** Keeps a model from files that the reader chose: one that this app exported as it is, any other one converted. */
export const importGiven: Task<'importModel'> = async ({ files, about }, { signal, progress }) => {
  const given = await openFiles(files);
  throwIfAborted(signal);
  if (manifestAmong(given)) return importModel(given, { signal, onProgress: progress });
  return importForeign(given, about, { signal, progress });
};

/** Says what the files are that a reader chose. */
export const inspectGiven: Task<'inspectModel'> = async ({ files }) => {
  const given = await openFiles(files);
  const sizeBytes = given.reduce((sum, file) => sum + file.sizeBytes, 0);
  const own = manifestAmong(given);
  if (own) {
    const { kind, name, from, to } = parseManifest(new TextDecoder().decode(await own.bytes()));
    return { format: 'Glossa', kind, name, from, to, sizeBytes };
  }
  const { format, kind, name, from, to } = await identify(given);
  return { format, kind, name, from, to, sizeBytes };
};

/**
 * Converts the files of another engine's model and keeps it like any other model.
 * @param about what the caller knows better than the files
 * @throws EngineError aborted, bad-input (no language is known), unsupported-model, model-corrupt, quota-exceeded, and what fetching
 *   the model that a recogniser needs throws
 */
export async function importForeign(
  files: readonly ForeignFile[],
  about: ImportAbout,
  { signal, progress }: ImportOptions,
): Promise<ModelInfo> {
  const foreign = await identify(files);
  const described = describe(foreign, about);
  throwIfAborted(signal);
  const total = KEPT;
  progress({ stage: 'convert', done: 0, total, unit: 'items' });
  // Compiled on other threads while the model is converted on this one.
  await startTrial();
  const { architecture, parts } = await foreign.convert();
  throwIfAborted(signal);
  progress({ stage: 'convert', done: CONVERTED, total, unit: 'items' });
  const bytes = parts.map((part) => (isOwn(part.bytes) ? part.bytes : part.bytes.slice()));
  const listed = await describeParts(parts, bytes);
  const id = about.id ?? (await freeId(described.id, listed));
  const manifest = checked({ ...described, id, architecture, parts: listed });
  const unpacked = new Map(manifest.parts.map((part, i) => [part, bytes[i]!]));
  for (const needed of manifest.needs ?? []) await installModel(needed, { signal });
  progress({ stage: 'convert', done: MEASURED, total, unit: 'items' });
  await tryModel(opened(manifest, unpacked), signal);
  throwIfAborted(signal);
  progress({ stage: 'convert', done: TRIED, total, unit: 'items' });
  return keepModel(manifest, unpacked);
}

type Described = Pick<Manifest, 'format' | 'id' | 'kind' | 'name' | 'from' | 'to' | 'licence' | 'source' | 'needs'>;

function describe({ format, kind, ...guessed }: ForeignModel, about: ImportAbout): Described {
  const name = about.name?.trim() ? about.name.trim().slice(0, NAME_LENGTH) : guessed.name.slice(0, NAME_LENGTH);
  const from = about.from ?? guessed.from;
  const to = about.to ?? guessed.to;
  if (kind === 'translation' && (from.length === 0 || to.length === 0))
    throw new EngineError(
      'bad-input',
      'The files do not say which languages the model translates: say "from" and "to".',
    );
  return {
    format: 1,
    id: about.id ?? idOf(name),
    kind,
    name,
    from,
    to,
    licence: about.licence ?? '',
    source: about.source ?? format,
    ...(about.licenceUrl !== undefined && { licenceUrl: about.licenceUrl }),
    ...(about.sourceUrl !== undefined && { sourceUrl: about.sourceUrl }),
    ...(kind === 'speech' && { needs: [VOICE_ACTIVITY] }),
  };
}

const NAME_LENGTH = 100;

/** An id that no model of the server's has. */
function idOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, ID_LENGTH)
    .replace(/^-|-$/g, '');
  return `own-${slug || 'model'}`;
}

const ID_LENGTH = 50;

/** What a manifest says of each part. They are kept as they are: packing them would only cost time. */
function describeParts(parts: ConvertedPart[], bytes: Uint8Array<ArrayBuffer>[]): Promise<ManifestPart[]> {
  return Promise.all(
    parts.map(async ({ role, file, provider, lazy }, i) => {
      const own = bytes[i]!;
      const sum = await sha256(own);
      const sizes = { packedBytes: own.length, packedSha256: sum, unpackedBytes: own.length, unpackedSha256: sum };
      return { role, file, ...(provider && { provider }), ...(lazy && { lazy }), ...sizes };
    }),
  );
}

/** A model that is not kept yet. */
function opened(manifest: Manifest, unpacked: ReadonlyMap<ManifestPart, Uint8Array<ArrayBuffer>>): OpenModel {
  const parts = partsFor(manifest, 'wasm');
  return {
    manifest,
    part: (role) => {
      const part = parts.find((candidate) => candidate.role === role);
      const bytes = part && unpacked.get(part);
      if (bytes) return Promise.resolve(bytes);
      return Promise.reject(
        new EngineError('unsupported-model', `The model was converted without its part "${role}".`),
      );
    },
  };
}

const isOwn = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> => bytes.buffer instanceof ArrayBuffer;

/**
 * A manifest of what was converted.
 * @throws EngineError bad-input where what the caller says of the model cannot be kept, unsupported-model where the model cannot
 */
function checked(manifest: object): Manifest {
  const parsed = v.safeParse(manifestSchema, manifest);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = (v.getDotPath(issue) ?? 'the whole').slice(0, 100);
  const reason = issue.message.slice(0, 200);
  if (/^(id|name|from|to|licence|licenceUrl|source|sourceUrl)\b/.test(field))
    throw new EngineError('bad-input', `"${field}" cannot be kept with the model (${reason}).`);
  throw new EngineError('unsupported-model', `This model cannot be run here (${field}: ${reason}).`);
}
