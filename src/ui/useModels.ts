import { useCallback, useEffect, useMemo, useState } from 'react';
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

/** The model for a direction; an installed one before one that is still to be fetched. */
export function modelFor(models: ModelInfo[], from: string, to: string): ModelInfo | undefined {
  const fitting = translators(models).filter((model) => model.from.includes(from) && model.to.includes(to));
  return fitting.find((model) => model.state === 'installed') ?? fitting[0];
}

/** The model that hears speech; an installed one before one that is still to be fetched. */
export function speechModel(models: ModelInfo[]): ModelInfo | undefined {
  const fitting = models.filter(({ kind }) => kind === 'speech');
  return fitting.find((model) => model.state === 'installed') ?? fitting[0];
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

/** Every language some model writes; with a source, only those that can be reached from it. */
export const targetLanguages = (models: ModelInfo[], from?: string): string[] => [
  ...new Set(
    translators(models)
      .filter((model) => from === undefined || model.from.includes(from))
      .flatMap((model) => model.to),
  ),
];
