import * as v from 'valibot';
import { openFiles } from '../../convert/openFiles.ts';
import { readRules } from '../../library/network.ts';
import { type CatalogueEntry, entrySchema } from '../../protocol/catalogue.ts';
import { abortedError, EngineError, throwIfAborted } from '../../protocol/errors.ts';
import { hostsOf, installLock, type SourceId, SOURCES, sourceNamed } from '../../protocol/hosts.ts';
import { DEFAULT_RULES, type NetworkRules } from '../../protocol/network.ts';
import type { ImportAbout } from '../../protocol/types.ts';
import { begunEntries, fetchEntry, forgetEntry } from '../store/fetchEntry.ts';
import { type Asked, readCatalogue, readMirrors } from '../store/outside.ts';
import { importForeign } from './importModel.ts';
import type { Task } from './task.ts';

/** The sources as they stand. This site is asked which it has copies of, and nobody else anything. */
export const listSources: Task<'listSources'> = async (_, { signal }) => {
  const [{ sources }, mirrors] = await Promise.all([currentRules(), readMirrors(signal)]);
  return SOURCES.map((source) => {
    const { id, name, page } = source;
    const mirrored = mirrors.includes(id);
    return { id, name, page, hosts: mirrored ? [] : hostsOf(source), mirrored, on: sources.includes(id) };
  });
};

/** What a source has; of the Hub, the repository that is named. */
export const listCatalogue: Task<'listCatalogue'> = async ({ source, repository }, { signal }) =>
  readCatalogue(await asked(source, signal), repository, signal);

/** What was begun and not finished, of every source. Nobody is asked. */
export const listBegun: Task<'listBegun'> = () => begunEntries();

/** Fetches a model of a source, compares it with what the source says of it, and keeps it like one that the reader brought. */
export const installFrom: Task<'installFrom'> = async ({ entry: given }, { signal, progress }) => {
  const entry = checkEntry(given);
  return alone(entry.id, signal, async () => {
    const fetched = await fetchEntry(entry, await asked(entry.source, signal), { signal, onProgress: progress });
    try {
      const files = await openFiles(fetched);
      throwIfAborted(signal);
      const model = await importForeign(files, aboutOf(entry), { signal, progress });
      await forgetEntry(entry.id);
      return model;
    } catch (error) {
      // The same files would be refused again.
      if (error instanceof EngineError && REFUSALS.includes(error.code)) await forgetEntry(entry.id);
      throw error;
    }
  });
};

const REFUSALS: readonly EngineError['code'][] = ['unsupported-model', 'model-corrupt', 'bad-input'];

/** Drops what was fetched of a model that was begun. */
export const forgetBegun: Task<'forgetBegun'> = async ({ id }) => {
  await forgetEntry(id);
  return null;
};

/** What a script gives is not taken for what its type says. @throws EngineError bad-input */
function checkEntry(given: unknown): CatalogueEntry {
  const parsed = v.safeParse(entrySchema, given);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new EngineError(
    'bad-input',
    `A model is installed from an entry of models.catalogue(): ${(v.getDotPath(issue) ?? 'the whole').slice(0, 100)} is wrong.`,
  );
}

function aboutOf({ id, name, source, from, to, licence, licenceUrl, page }: CatalogueEntry): ImportAbout {
  return {
    id,
    name: name.slice(0, 100),
    ...(from.length > 0 && { from }),
    ...(to.length > 0 && { to }),
    ...(licence !== undefined && { licence }),
    ...(licenceUrl !== undefined && { licenceUrl }),
    source: sourceNamed(source).name,
    sourceUrl: page,
  };
}

/**
 * A source that may be asked, as the reader has it. The service worker says the same of every request; but not every page has one.
 * @throws EngineError source-off, and what `readMirrors` throws
 */
async function asked(source: SourceId, signal: AbortSignal): Promise<Asked> {
  const { lock, sources } = await currentRules();
  const { name } = sourceNamed(source);
  if (!sources.includes(source))
    throw new EngineError(
      'source-off',
      `"${name}" is switched off, so nothing is asked of it. Switch it on under Models.`,
    );
  if (lock === 'none')
    throw new EngineError(
      'source-off',
      'The offline lock is on, so nothing is asked of the network. Switch it off under Network.',
    );
  const mirrored = (await readMirrors(signal)).includes(source);
  if (lock === 'site' && !mirrored)
    throw new EngineError(
      'source-off',
      `The offline lock is on, so nothing is asked of "${name}". Switch it off under Network.`,
    );
  return { source, mirrored };
}

/** Where the device keeps nothing, the reader can have switched on none. */
function currentRules(): Promise<NetworkRules> {
  return readRules().catch(() => DEFAULT_RULES);
}

/** Two workers, or tabs, must not fetch the same model at once: one waits. */
async function alone<T>(id: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  throwIfAborted(signal);
  return navigator.locks.request(installLock(id), { signal }, work).catch((error: unknown) => {
    throw signal.aborted ? abortedError() : error;
  });
}
