import { useCallback, useEffect, useState } from 'react';
import type { ModelInfo } from '../../protocol/types.ts';
import { modelToGet, routeFor, sourceLanguages, targetLanguages } from '../useModels.ts';
import { useTask } from '../useTask.ts';
import { isBlank } from './lines.ts';

const DEBOUNCE_MS = 120;
/** More letters than this do not make a guess better. */
const SAMPLE = 2000;

export interface Choice {
  /** BCP-47 tag or `auto`. */
  from: string;
  to: string;
}

export interface Direction {
  /** What the text is translated from: chosen, or detected, or null while that is open. */
  from: string | null;
  to: string;
  /** What was detected; null where the reader chose, or nothing could be told. */
  detected: string | null;
  /** What has to be on this device for it; undefined where there is no way. */
  model: ModelInfo | undefined;
  chooseFrom: (language: string) => void;
  chooseTo: (language: string) => void;
  /** Whether swapping leads to a direction that some model has. */
  canSwap: boolean;
}

/** From which language to which: what the reader chose, or what the text looks like. */
export function useDirection(
  text: string,
  choice: Choice,
  models: ModelInfo[] | null,
  change: (choice: Choice) => void,
): Direction {
  const { run } = useTask();
  const [detected, setDetected] = useState<string | null>(null);
  const automatic = choice.from === 'auto';
  const empty = isBlank(text);

  useEffect(() => {
    if (!automatic || !models) return;
    const timer = setTimeout(async () => {
      if (empty) {
        setDetected(null);
        return;
      }
      const outcome = await run((glossa) => glossa.detect(text.slice(0, SAMPLE)));
      if (outcome.state !== 'done') return;
      const sources = sourceLanguages(models);
      const { language, reliable } = outcome.value;
      // An unsure guess decides only between languages that can be read, and does not overturn an earlier one.
      const guess = language !== null && (reliable || sources.includes(language)) ? language : null;
      const next = guess !== null && (reliable || detected === null) ? guess : (detected ?? sources[0] ?? null);
      setDetected(next);
      if (next === choice.to) {
        const to = targetLanguages(models, next)[0];
        if (to !== undefined) change({ from: 'auto', to });
      }
    }, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [automatic, empty, text, models, run, detected, choice.to, change]);

  const from = automatic ? detected : choice.from;
  const chooseFrom = useCallback(
    (language: string) => {
      const targets = models && language !== 'auto' ? targetLanguages(models, language) : [];
      const to =
        language === choice.to || (targets.length > 0 && !targets.includes(choice.to)) ? targets[0] : choice.to;
      change({ from: language, to: to ?? choice.to });
    },
    [models, choice.to, change],
  );
  const chooseTo = useCallback(
    (language: string) => {
      const sources = models?.filter((model) => model.to.includes(language)).flatMap((model) => model.from) ?? [];
      const fits = from === null || (from !== language && routeFor(models ?? [], from, language) !== undefined);
      change({ from: fits ? choice.from : (sources[0] ?? choice.from), to: language });
    },
    [models, choice.from, from, change],
  );

  return {
    from,
    to: choice.to,
    detected: automatic && !empty ? detected : null,
    model: models && from !== null ? modelToGet(routeFor(models, from, choice.to)) : undefined,
    chooseFrom,
    chooseTo,
    canSwap: models !== null && routeFor(models, choice.to, from ?? sourceLanguages(models)[0] ?? '') !== undefined,
  };
}
