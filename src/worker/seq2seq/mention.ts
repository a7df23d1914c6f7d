import type { Plan, SteerState, Steerer } from './steering.ts';

/** The hypothesis has not said any of the words; then: has. */
const UNSAID: SteerState = { count: 0, begun: [false], active: null, completed: false, placements: [] };
const SAID: SteerState = { count: 1, begun: [true], active: null, completed: false, placements: [] };

/**
 * A hypothesis must say at least one of some words: constrained beam search (Anderson et al. 2017) with a single constraint,
 * whose automaton has two states. Hypotheses that said one of them compete with each other, as do those that did not yet: see
 * `banks` in beam.ts. The model's own probabilities decide which word it is, and where it stands.
 */
export class Mention implements Steerer {
  readonly terms: readonly unknown[];
  readonly anywhere = true;
  readonly #ids: ReadonlySet<number>;
  readonly #eosId: number;

  /** @param ids each of which will do */
  constructor(ids: Iterable<number>, eosId: number) {
    this.#ids = new Set(ids);
    this.#eosId = eosId;
    this.terms = [this.#ids];
  }

  start(): SteerState {
    return UNSAID;
  }

  plan({ count }: SteerState): Plan {
    if (count > 0) return { forced: [], free: { state: SAID, cost: 0, forbids: () => false } };
    return {
      forced: Array.from(this.#ids, (id) => ({ id, state: SAID, cost: 0 })),
      free: { state: UNSAID, cost: 0, forbids: (id) => id === this.#eosId || this.#ids.has(id) },
    };
  }
}
