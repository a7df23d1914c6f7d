import { useCallback, useEffect, useRef, useState } from 'react';
import { keepAwake } from '../../capture/wakeLock.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { Progress, Ran } from '../../protocol/types.ts';
import { type Failure, useTask } from '../useTask.ts';
import { captionAlbum, nextPictures } from './captionAlbum.ts';
import type { OpenAlbum } from './openAlbum.ts';
import { lookAt } from './thumbnail.ts';

export interface Captioning {
  /** The album at work, and those that wait, by id. */
  running: string | null;
  waiting: string[];
  /** The pictures at work, with their captions so far. */
  atWork: ReadonlyMap<string, string>;
  /** Of the model, while it is fetched or loaded. */
  loading: Progress | null;
  /** Why an album came to a halt. */
  failures: Record<string, Failure>;
  /** How the last picture went. */
  ran: Ran | null;
  /** Captions what waits in an album; one that is wanted `first` goes before those at work, which go on after it. */
  start: (album: OpenAlbum, first: boolean) => void;
  /** Stops an album, or takes it out of the queue; what was captioned is kept. */
  stop: (album: string) => void;
}

const NOTHING: Captioning['atWork'] = new Map();

/** Albums are captioned one after the other, as soon as there is a model. */
export function useCaptioning(ready: boolean, model: string | undefined, provider: ProviderChoice): Captioning {
  const { run, stop: abort } = useTask();
  const [queue, setQueue] = useState<OpenAlbum[]>([]);
  const [atWork, setAtWork] = useState<Captioning['atWork']>(NOTHING);
  const [failures, setFailures] = useState<Record<string, Failure>>({});
  const [ran, setRan] = useState<Ran | null>(null);
  const [loading, setLoading] = useState<Progress | null>(null);
  const [round, setRound] = useState(0);
  const current = ready ? queue[0] : undefined;
  // What was chosen when an album was begun holds until it halts: a later choice must not start it again.
  const latest = useRef({ model, provider });
  useEffect(() => {
    latest.current = { model, provider };
  });

  useEffect(() => {
    if (!current) return;
    void run((glossa, options) =>
      captionAlbum(glossa, current, {
        ...options,
        ...latest.current,
        lookAt,
        onProgress: (progress) => {
          if (progress.stage === 'download' || progress.stage === 'load') setLoading(progress);
        },
        onBegin: (picture) => setAtWork((before) => new Map(before).set(picture, '')),
        onEnd: (picture) => setAtWork((before) => new Map([...before].filter(([id]) => id !== picture))),
        onPartial: (picture, text) => {
          setLoading(null);
          setAtWork((before) => new Map(before).set(picture, text));
        },
        onCaption: (caption) => {
          setLoading(null);
          setRan(caption);
        },
      }),
    ).then((outcome) => {
      if (outcome.state === 'superseded') return;
      setAtWork(NOTHING);
      setLoading(null);
      // Given while the last one was at its end.
      if (outcome.state === 'done' && nextPictures(current, 1).length > 0) {
        setRound((before) => before + 1);
        return;
      }
      if (outcome.state === 'failed') setFailures((before) => ({ ...before, [current.id]: outcome.failure }));
      setQueue((before) => before.filter((album) => album !== current));
    });
  }, [current, round, run]);

  // A phone left alone would stop in the middle of many.
  useEffect(() => (current ? keepAwake() : undefined), [current]);

  const start = useCallback((album: OpenAlbum, first: boolean) => {
    setFailures(({ [album.id]: _, ...rest }) => rest);
    setQueue((before) => {
      if (before[0] === album || (!first && before.includes(album))) return before;
      const others = before.filter((each) => each !== album);
      return first ? [album, ...others] : [...others, album];
    });
  }, []);
  const stop = useCallback(
    (id: string) => {
      if (current?.id === id) abort();
      else setQueue((before) => before.filter((album) => album.id !== id));
    },
    [current, abort],
  );
  return {
    running: current?.id ?? null,
    waiting: queue.filter((album) => album !== current).map(({ id }) => id),
    atWork,
    loading,
    failures,
    ran,
    start,
    stop,
  };
}
