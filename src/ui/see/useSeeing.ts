import { useCallback, useEffect, useState } from 'react';
import { DEFAULT_SEEING, keepSeeing, readSeeing, type SeeingChoices } from '../../library/seeing.ts';
import { useKeepOrTell } from '../shared/Notice.tsx';

export interface Seeing {
  choices: SeeingChoices;
  choose: (patch: Partial<SeeingChoices>) => void;
}

/** What this reader chose for pictures; kept on the device. */
export function useSeeing(): Seeing {
  const keepOrTell = useKeepOrTell();
  const [choices, setChoices] = useState(DEFAULT_SEEING);
  useEffect(() => keepOrTell(readSeeing().then(setChoices)), [keepOrTell]);
  const choose = useCallback(
    (patch: Partial<SeeingChoices>) => {
      const next = { ...choices, ...patch };
      setChoices(next);
      keepOrTell(keepSeeing(next));
    },
    [choices, keepOrTell],
  );
  return { choices, choose };
}
