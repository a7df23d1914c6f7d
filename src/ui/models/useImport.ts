import { useCallback, useState } from 'react';
import type { GivenFile } from '../../protocol/messages.ts';
import type { ForeignInfo, ModelInfo } from '../../protocol/types.ts';
import { type Outcome, type Task, useTask } from '../useTask.ts';

/** What the reader may say of a model, or correct. Languages are tags with commas between them. */
export interface About {
  name: string;
  from: string;
  to: string;
  licence: string;
}

/** Files that were recognised as a model, and what is to be said of it. */
export interface FoundModel {
  info: ForeignInfo;
  about: About;
}

export interface Import extends Pick<Task, 'running' | 'progress' | 'failure' | 'stop'> {
  /** null: nothing was given yet, or it was no model. */
  found: FoundModel | null;
  look: (files: GivenFile[]) => Promise<void>;
  describe: (change: Partial<About>) => void;
  /** Converts what was found and keeps it. */
  start: () => Promise<Outcome<ModelInfo>>;
  dismiss: () => void;
}

/** A model on its way from the reader's files: looked at first, converted when the reader says so. */
export function useImport(): Import {
  const { run, running, progress, failure, stop } = useTask();
  const [files, setFiles] = useState<GivenFile[]>([]);
  const [found, setFound] = useState<FoundModel | null>(null);

  const look = useCallback(
    async (given: GivenFile[]): Promise<void> => {
      setFound(null);
      const outcome = await run((glossa, options) => glossa.models.inspect(given, options));
      if (outcome.state !== 'done') return;
      const info = outcome.value;
      setFiles(given);
      setFound({ info, about: { name: info.name, from: info.from.join(', '), to: info.to.join(', '), licence: '' } });
    },
    [run],
  );
  const start = async (): Promise<Outcome<ModelInfo>> => {
    const { name, from, to, licence } = found?.about ?? { name: '', from: '', to: '', licence: '' };
    const about = { name, from: tagsIn(from), to: tagsIn(to), licence };
    const outcome = await run((glossa, options) => glossa.models.import(files, { ...options, ...about }));
    if (outcome.state === 'done') setFound(null);
    return outcome;
  };
  return {
    found,
    running,
    progress,
    failure,
    stop,
    look,
    start,
    describe: (change) => setFound((before) => before && { ...before, about: { ...before.about, ...change } }),
    dismiss: () => setFound(null),
  };
}

export const tagsIn = (text: string): string[] => text.split(/[\s,;、，]+/).filter(Boolean);

/** Whether a model's languages are said as tags that exist, as far as it needs them. */
export function areLanguages(text: string): boolean {
  const tags = tagsIn(text);
  try {
    return tags.length > 0 && Intl.getCanonicalLocales(tags).length > 0;
  } catch {
    return false;
  }
}
