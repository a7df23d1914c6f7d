import { useCallback, useMemo, useState } from 'react';
import type { Range } from '../../protocol/types.ts';
import { linkedRanges } from './alignment.ts';
import type { Unit } from './units.ts';

/** Which sentence, and which word on which side, the reader points at: with the pointer, the focus or the caret. */
export interface Active {
  unit: string;
  side: 'source' | 'target';
  /** Within the sentence; null: the sentence as a whole. */
  word: Range | null;
}

/** What to light up: ranges within the sentence, on both sides. */
export interface Lit {
  unit: string;
  source: Range[];
  target: Range[];
}

/** `fallback`: the sentence that stays lit while nothing is pointed at, because its other wordings are open. */
export function useActive(
  units: Unit[],
  enabled: boolean,
  fallback: string | null,
): { lit: Lit | null; point: (active: Active | null) => void } {
  const [active, setActive] = useState<Active | null>(null);
  const point = useCallback((next: Active | null) => setActive((before) => (same(before, next) ? before : next)), []);
  const lit = useMemo((): Lit | null => {
    if (!enabled) return null;
    const pointed = active?.unit ?? fallback;
    const unit = units.find(({ id }) => id === pointed);
    if (!unit?.sentence) return null;
    const { side, word } = active ?? { side: 'target', word: null };
    if (!word) return { unit: unit.id, source: [], target: [] };
    const linked = linkedRanges(unit.pick?.alignment ?? unit.sentence.alignment, side, word);
    return side === 'source'
      ? { unit: unit.id, source: [word], target: linked }
      : { unit: unit.id, source: linked, target: [word] };
  }, [active, enabled, fallback, units]);
  return { lit, point };
}

const same = (a: Active | null, b: Active | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.unit === b.unit &&
    a.side === b.side &&
    a.word?.[0] === b.word?.[0] &&
    a.word?.[1] === b.word?.[1]);
