import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Route, routes } from '../client/route.ts';
import type { ModelInfo } from '../protocol/types.ts';
import { type Failure, useTask } from './useTask.ts';

export interface Models {
  /** null until the first answer. */
  list: ModelInfo[] | null;
  failure: Failure | null;
  refresh: () => Promise<void>;
}

/**
 * The models that are installed or can be.
 * @param remembered - as an earlier visit listed them: good enough to begin with
 */
export function useModels(remembered: ModelInfo[] | null): Models {
  const { run, failure } = useTask();
  const [list, setList] = useState(remembered);
  const refresh = useCallback(
    () =>
      run((glossa) => glossa.models.list()).then((outcome) => {
        if (outcome.state === 'done') setList(outcome.value);
      }),
    [run],
  );
  useEffect(() => void refresh(), [refresh]);
  return useMemo(() => ({ list, failure, refresh }), [list, failure, refresh]);
}

/** How a text comes from one language to another: by the models on this device before those that are still to be fetched. */
export const routeFor = (models: ModelInfo[], from: string, to: string): Route | undefined =>
  routes(models, from, to)[0];

/** What stands between the reader and a direction: the first model that is still to be fetched; where all are here, the last. */
export const modelToGet = (route: Route | undefined): ModelInfo | undefined =>
  route?.models.find(({ state }) => state !== 'installed') ?? route?.models.at(-1);

/** The models that hear speech, in the models' order. */
export const speechModels = (models: ModelInfo[]): ModelInfo[] => models.filter(({ kind }) => kind === 'speech');

/** The model that hears speech: the one that was chosen, or else an installed one before one that is still to be fetched. */
export function speechModel(models: ModelInfo[], chosen: string | null): ModelInfo | undefined {
  const fitting = speechModels(models);
  return fitting.find(({ id }) => id === chosen) ?? fitting.find((model) => model.state === 'installed') ?? fitting[0];
}

/** The models that caption pictures, in the models' order. */
export const captionModels = (models: ModelInfo[]): ModelInfo[] => models.filter(({ kind }) => kind === 'captioning');

/** The models that summarise and are here: others are not offered. */
export const summaryModels = (models: ModelInfo[]): ModelInfo[] =>
  models.filter(({ kind, state }) => kind === 'summary' && state === 'installed');

const translators = (models: ModelInfo[]): ModelInfo[] => models.filter(({ kind }) => kind === 'translation');

/** Every language some model reads, in the models' order. */
export const sourceLanguages = (models: ModelInfo[]): string[] => [
  ...new Set(translators(models).flatMap((model) => model.from)),
];

/** Every language some model writes; with a source, only those that can be reached from it, directly before by way of others. */
export function targetLanguages(models: ModelInfo[], from?: string): string[] {
  const all = translators(models);
  const written = [...new Set(all.flatMap((model) => model.to))];
  if (from === undefined) return written;
  const direct = new Set(all.filter((model) => model.from.includes(from)).flatMap((model) => model.to));
  const further = written.filter((to) => !direct.has(to) && routeFor(models, from, to) !== undefined);
  // One model may read and write the same languages.
  return [...direct, ...further].filter((to) => to !== from);
}
