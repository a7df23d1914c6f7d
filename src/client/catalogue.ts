import type { CatalogueEntry, SourceInfo } from '../protocol/catalogue.ts';
import { EngineError } from '../protocol/errors.ts';
import { installLock, SOURCE_IDS, type SourceId } from '../protocol/hosts.ts';
import type { ModelInfo } from '../protocol/types.ts';
import { checkId, checkSignal } from './checkOptions.ts';
import { switchSource } from './networkRules.ts';
import type { RunOptions } from './options.ts';
import type { Pool } from './pool.ts';

export interface CatalogueOptions extends RunOptions {
  /** On the Hub: `owner/name`. */
  repository?: string;
}

/** Models of others: nothing is asked of a source before it is switched on. */
export interface Catalogue {
  /** The sources there are, whom each would ask, and whether it may. */
  sources(): Promise<SourceInfo[]>;
  /** Lets a source be asked, or no more. */
  switchSource(id: SourceId, on: boolean): Promise<void>;
  /** What a source has. The Hub has too many to list: of it, the model of a repository. */
  catalogue(source: SourceId, options?: CatalogueOptions): Promise<CatalogueEntry[]>;
  /**
   * Fetches a model from its source, compares it with its checksums, converts it and keeps it. What came is kept when it is
   * stopped or fails, and a later try goes on with it.
   */
  installFrom(entry: CatalogueEntry, options?: RunOptions): Promise<ModelInfo>;
  /** The models that were begun to be fetched and are not here yet, with how much of each is (`fetchedBytes`). Asks nobody. */
  begun(): Promise<CatalogueEntry[]>;
  /** Drops what was fetched of such a model. */
  forgetBegun(id: string): Promise<void>;
}

/** @param onInstalled - hears of each model that was installed */
export function createCatalogue(pool: Pool, onInstalled: (model: ModelInfo) => void): Catalogue {
  return {
    sources: () => pool.manage('listSources', {}, {}),
    async switchSource(id, on) {
      await switchSource(checkSource(id), on);
    },
    async catalogue(source, { signal, onProgress, repository = '' } = {}) {
      checkSignal(signal);
      const input = { source: checkSource(source), repository: checkRepository(repository) };
      return pool.manage('listCatalogue', input, { signal, onProgress });
    },
    async installFrom(entry, { signal, onProgress } = {}) {
      checkSignal(signal);
      pool.keepStorage();
      try {
        const model = await pool.manage('installFrom', { entry }, { signal, onProgress });
        onInstalled(model);
        return model;
      } catch (error) {
        if (signal?.aborted) await whenKept(entry.id);
        throw error;
      }
    },
    begun: () => pool.manage('listBegun', {}, {}),
    async forgetBegun(id) {
      await pool.manage('forgetBegun', { id: checkId(id) }, {});
    },
  };
}

/** A worker that keeps what came does so in less. */
const PATIENCE_MS = 3000;

/** A call that is stopped ends at once; what came of a download is kept a moment later. */
async function whenKept(id: string): Promise<void> {
  if (!('locks' in navigator)) return;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  await navigator.locks.request(installLock(id), { signal }, () => undefined).catch(() => undefined);
}

function checkSource(given: unknown): SourceId {
  const source = SOURCE_IDS.find((id) => id === given);
  if (source !== undefined) return source;
  throw new EngineError('bad-input', `A source is one of ${SOURCE_IDS.join(', ')}.`);
}

function checkRepository(given: unknown): string {
  if (typeof given === 'string') return given;
  throw new EngineError('bad-input', 'A repository of the Hub is named as "owner/name".');
}
