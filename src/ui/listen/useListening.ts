import { useCallback, useEffect, useState } from 'react';
import { DEFAULT_LISTENING, keepListening, type ListeningChoices, readListening } from '../../library/listening.ts';
import { useKeepOrTell } from '../shared/Notice.tsx';

export interface Listening {
  choices: ListeningChoices;
  choose: (patch: Partial<ListeningChoices>) => void;
}

/** How this listener likes captions; kept on the device. */
export function useListening(): Listening {
  const keepOrTell = useKeepOrTell();
  const [choices, setChoices] = useState(DEFAULT_LISTENING);
  useEffect(() => keepOrTell(readListening().then(setChoices)), [keepOrTell]);
  const choose = useCallback(
    (patch: Partial<ListeningChoices>) => {
      const next = { ...choices, ...patch };
      setChoices(next);
      keepOrTell(keepListening(next));
    },
    [choices, keepOrTell],
  );
  return { choices, choose };
}
