import type { ProviderChoice } from '../protocol/messages.ts';
import type { DeviceInfo, ModelInfo } from '../protocol/types.ts';
import { answersFor, fittingModels } from './chooseModel.ts';
import type { Listeners } from './connection.ts';
import { PivotProgress } from './pivotProgress.ts';
import type { Pool } from './pool.ts';

/** How a text comes from one language to another. */
export interface Route {
  /** In the order of their work: one model, or two. */
  models: [ModelInfo] | [ModelInfo, ModelInfo];
  /** The language between the two, as the first writes it. */
  via?: string;
}

/** Where models for it are equally at hand: most models were trained towards it, and with the most text. */
const USUAL_PIVOT = 'en';

/**
 * The ways between two languages, the best first: those that are on this device, and of these a model of the pair itself
 * before two by way of a third language. A `from` of null is any, and is never read through a third one.
 */
export function routes(models: ModelInfo[], from: string | null, to: string): Route[] {
  const direct = fittingModels(models, from, to).map((model): Route => ({ models: [model] }));
  const all = from === null || answersFor(from, to) ? direct : [...direct, ...pivoted(models, from, to)];
  return all.sort((a, b) => distance(a) - distance(b));
}

function pivoted(models: ModelInfo[], from: string, to: string): Route[] {
  const translators = models.filter(({ kind }) => kind === 'translation');
  const firsts = translators.filter((model) => model.from.some((tag) => answersFor(tag, from)));
  return firsts
    .flatMap((first) =>
      first.to
        .filter((via) => !answersFor(via, from) && !answersFor(via, to))
        .flatMap((via) => fittingModels(models, via, to).map((second): Route => ({ models: [first, second], via }))),
    )
    .sort((a, b) => missingBytes(a) - missingBytes(b) || unusual(a) - unusual(b));
}

/** Keeps the models of a route, where all of them fit in memory, until what this returns is called. */
export function holdRoute(pool: Pool, { models }: Route): () => void {
  const held = pool.fits(models) ? models.map(({ id }) => pool.hold(id)) : [];
  return () => held.forEach((letGo) => letGo());
}

/** Loads the models of a route, or its first where they do not fit in memory together. Throws as `Pool.run` does. */
export async function warmUpRoute(
  pool: Pool,
  { models }: Route,
  provider: ProviderChoice,
  { signal, onProgress }: Pick<Listeners<'warmUp'>, 'signal' | 'onProgress'>,
): Promise<DeviceInfo> {
  const [first, second] = models;
  if (!second || !pool.fits(models)) return pool.warmUp(first, provider, { signal, onProgress });
  const progress = new PivotProgress([first, second], onProgress);
  const load = (model: ModelInfo): Promise<DeviceInfo> =>
    pool.warmUp(model, provider, { signal, onProgress: (heard) => progress.hear(model, heard) });
  const [device] = await Promise.all([load(first), load(second)]);
  return device;
}

const isHere = (model: ModelInfo): boolean => model.state === 'installed';
const distance = ({ models }: Route): number => (models.every(isHere) ? 0 : 2) + models.length;
const missingBytes = ({ models }: Route): number =>
  models.reduce((sum, model) => sum + (isHere(model) ? 0 : model.downloadBytes - model.storedBytes), 0);
const unusual = ({ via = '' }: Route): number => (answersFor(via, USUAL_PIVOT) ? 0 : 1);
