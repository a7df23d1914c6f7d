import { useCallback, useEffect, useState } from 'react';
import type { ModelInfo, Progress } from '../../protocol/types.ts';
import { isMetered, useOnline } from './useOnline.ts';
import { type Failure, useTask } from '../useTask.ts';

export interface Installation {
  /** `ask`: waits for the reader's word; `offline`: for a network. */
  state: 'none' | 'installed' | 'waiting' | 'ask' | 'offline' | 'fetching' | 'failed';
  progress: Progress | null;
  failure: Failure | null;
  fetch: () => void;
  stop: () => void;
}

/**
 * Gets the model that a translation needs: by itself once there is something to translate, but only at the reader's word
 * where bytes are dear, and after a stop or a failure.
 */
export function useInstallation(
  model: ModelInfo | undefined,
  wanted: boolean,
  installed: () => Promise<void>,
): Installation {
  const { run, stop, running, progress, failure } = useTask();
  const online = useOnline();
  const [held, setHeld] = useState<Record<string, boolean>>({});
  const id = model?.id;
  const missing = model !== undefined && model.state !== 'installed';
  const asks = id !== undefined && (held[id] ?? isMetered());
  const goes = missing && wanted && online && !asks;

  useEffect(() => {
    if (!goes || id === undefined) return;
    void run((glossa, options) => glossa.models.install(id, options)).then(async (outcome) => {
      if (outcome.state === 'done') await installed();
      else if (outcome.state !== 'superseded') setHeld((before) => ({ ...before, [id]: true }));
    });
  }, [goes, id, run, installed]);

  const fetch = useCallback(() => {
    if (id !== undefined) setHeld((before) => ({ ...before, [id]: false }));
  }, [id]);

  const state = (): Installation['state'] => {
    if (!model) return 'none';
    if (!missing) return 'installed';
    if (running) return 'fetching';
    if (!online) return 'offline';
    if (failure) return 'failed';
    return asks ? 'ask' : 'waiting';
  };
  return { state: state(), progress, failure, fetch, stop };
}
