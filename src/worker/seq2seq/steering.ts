/**
 * Terminology steered during search. The alignment head says which source token the next output token translates; read as
 * a distribution, the mass on a term's span is the probability that the next token translates that term. So a token that is not
 * the term's own pays for 1 - mass, and the term's first token, offered beside the likeliest ones wherever the mass
 * allows, pays for mass. A term once begun is continued to its end. Hypotheses that hold the same terms compete with each
 * other (see `banks` in beam.ts), so the model's own probabilities decide what stands around a term.
 */

/** A stretch of the source and the only ways it may be translated. */
export interface Term {
  /** Source token positions `[from, to)`. */
  span: readonly [from: number, to: number];
  /** Output ids of each acceptable form (capitalised or not, after a space or glued to an opening bracket). */
  forms: readonly Int32Array[];
  /** More forms at the very start of the output (capitalised). */
  initialForms?: readonly Int32Array[];
}

/** Where a term stands in the output: token positions `[from, to)`. */
export interface Placement {
  term: number;
  from: number;
  to: number;
}

/** How the pieces of the vocabulary join, one byte an id: an OR of the three flags. */
export type PieceKinds = Uint8Array;
/** The piece begins a new word (SentencePiece's U+2581). */
export const STARTS_WORD = 1;
/** Its first character, after U+2581, is a letter or a digit. */
export const LETTER_FIRST = 2;
/** Its last character is a letter or a digit. */
export const LETTER_LAST = 4;

/** Least attention mass at which a term may begin. */
const LEAST_MASS = 0.1;
/** A term may also begin where the model itself would say its first token with this probability. */
const NATURAL_LOG_PROB = Math.log(0.25);
/** Keeps the costs finite: attention is a hint, not a proof. */
const FLOOR = 0.02;
/** How much the model's log-probability of a term's own tokens counts: they were asked for, but they tell which article fits. */
const TERM_WEIGHT = 0.8;
/** Lets a discount be finite where a term is outside the vocabulary. */
const LEAST_LOG_PROB = -30;
/** How much more it costs to translate a term's span otherwise than to begin the term elsewhere; found by trial. */
const OTHERWISE_WEIGHT = 2;

/** Which terms a hypothesis holds, and which one it is in the middle of. Immutable. */
export interface SteerState {
  /** Terms begun; a term once begun is always finished unless the length limit cuts it off. */
  readonly count: number;
  readonly begun: readonly boolean[];
  readonly active: { readonly form: Int32Array; readonly next: number } | null;
  /** The last token completed a term: no letters may be glued to it. */
  readonly completed: boolean;
  readonly placements: readonly Placement[];
}

export interface Plan {
  /** Extensions that must be considered whatever their probability. */
  forced: { id: number; state: SteerState; cost: number }[];
  /** How any other token extends the hypothesis; null where only the forced ones may. */
  free: { state: SteerState; cost: number; forbids(id: number): boolean } | null;
}

/** What leads the hypotheses of one source to something that they must hold. */
export interface Steerer {
  /** What they must hold, each of it once. */
  readonly terms: readonly unknown[];
  /** Whether a hypothesis may only end with all terms. */
  readonly anywhere: boolean;
  /** Ranks steered hypotheses in place of the search's own. */
  readonly lengthPenalty?: number;
  start(): SteerState;
  /**
   * How a hypothesis of `length` tokens that ends in `previous` may go on.
   * @param attention [sourceLength] of the token about to be chosen; null for a model without an alignment head
   * @param logProbOf the model's log-probability of an id
   */
  plan(
    state: SteerState,
    previous: number,
    length: number,
    attention: Float32Array | null,
    logProbOf: (id: number) => number,
  ): Plan;
}

export interface SteeringOptions {
  terms: readonly Term[];
  kinds: PieceKinds;
  eosId: number;
  /**
   * Lets a term begin at any position and keeps the hypothesis from ending without it: for the second try, where the
   * attention never led to one.
   */
  anywhere?: boolean;
}

/** The steering of one source. */
export class Steering implements Steerer {
  readonly terms: readonly Term[];
  /** Ranked by their sum: in a mean, more words would dilute what an unlikely term costs. */
  readonly lengthPenalty = 0;
  readonly #kinds: PieceKinds;
  readonly #eosId: number;
  readonly anywhere: boolean;
  /** Terms of equal target share a key: of several occurrences the one attended to most begins first. */
  readonly #keys: string[];

  constructor({ terms, kinds, eosId, anywhere = false }: SteeringOptions) {
    this.terms = terms;
    this.#kinds = kinds;
    this.#eosId = eosId;
    this.anywhere = anywhere;
    this.#keys = terms.map(({ forms }) => forms.map((form) => form.join(' ')).join('|'));
  }

  start(): SteerState {
    return { count: 0, begun: this.terms.map(() => false), active: null, completed: false, placements: [] };
  }

  plan(
    state: SteerState,
    previous: number,
    length: number,
    attention: Float32Array | null,
    logProbOf: (id: number) => number,
  ): Plan {
    const { active } = state;
    if (active) {
      const id = active.form[active.next] ?? this.#eosId;
      return { forced: [{ id, state: continued(state, active), cost: discount(logProbOf(id)) }], free: null };
    }
    const masses = this.terms.map(({ span }) => mass(attention, span));
    const forced: Plan['forced'] = [];
    for (const term of this.#candidates(state, masses)) {
      const share = masses[term] ?? 0;
      for (const form of this.#formsAt(term, length)) {
        const id = form[0];
        if (id === undefined || !this.#fits(id, previous, length)) continue;
        if (this.anywhere || share >= LEAST_MASS || logProbOf(id) >= NATURAL_LOG_PROB) {
          const cost = Math.log(share + FLOOR) + discount(logProbOf(id));
          forced.push({ id, state: begin(state, term, form, length), cost });
        }
      }
    }
    const onTerms = masses.reduce((sum, share) => sum + share, 0);
    const missing = state.count < this.terms.length;
    const free = {
      state: state.completed ? { ...state, completed: false } : state,
      cost: OTHERWISE_WEIGHT * Math.log(Math.max(0, 1 - onTerms) + FLOOR),
      forbids: (id: number) => (state.completed && this.#glues(id)) || (this.anywhere && missing && id === this.#eosId),
    };
    return { forced, free };
  }

  /** The terms that may begin now: of those with equal forms only the one attended to most. */
  #candidates(state: SteerState, masses: number[]): number[] {
    const byKey = new Map<string, number>();
    this.#keys.forEach((key, term) => {
      if (state.begun[term]) return;
      const other = byKey.get(key);
      if (other === undefined || (masses[term] ?? 0) > (masses[other] ?? 0)) byKey.set(key, term);
    });
    return [...byKey.values()];
  }

  #formsAt(term: number, length: number): readonly Int32Array[] {
    const { forms = [], initialForms = [] } = this.terms[term] ?? {};
    return length === 0 ? [...forms, ...initialForms] : forms;
  }

  #glues(id: number): boolean {
    const kind = this.#kinds[id] ?? 0;
    return (kind & STARTS_WORD) === 0 && (kind & LETTER_FIRST) !== 0;
  }

  /** A form that starts no new word only fits behind an opening bracket, a quote, a hyphen and the like. */
  #fits(id: number, previous: number, length: number): boolean {
    if (!this.#glues(id)) return true;
    return length > 0 && ((this.#kinds[previous] ?? 0) & LETTER_LAST) === 0;
  }
}

/** Takes back what a term's token costs too much. */
function discount(logProb: number): number {
  return (TERM_WEIGHT - 1) * Math.max(logProb, LEAST_LOG_PROB);
}

function begin(state: SteerState, term: number, form: Int32Array, length: number): SteerState {
  return {
    count: state.count + 1,
    begun: state.begun.map((begun, t) => begun || t === term),
    active: form.length > 1 ? { form, next: 1 } : null,
    completed: form.length === 1,
    placements: [...state.placements, { term, from: length, to: length + form.length }],
  };
}

function continued(state: SteerState, active: NonNullable<SteerState['active']>): SteerState {
  const done = active.next + 1 === active.form.length;
  return { ...state, active: done ? null : { form: active.form, next: active.next + 1 }, completed: done };
}

function mass(attention: Float32Array | null, [from, to]: readonly [number, number]): number {
  let sum = 0;
  if (attention) for (let i = from; i < to; i++) sum += attention[i] ?? 0;
  return sum;
}
