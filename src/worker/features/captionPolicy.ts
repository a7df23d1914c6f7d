import type { Tag } from '../../protocol/types.ts';
import type { CaptionTables, Label } from './captionTables.ts';
import type { CaptionWords } from './captionWords.ts';
import { plural } from './plural.ts';

/** A label and how likely it is, 0..1. */
export interface Recognised {
  label: Label;
  probability: number;
}

/** What the encoder says of a picture, and what follows for its caption. */
export interface Findings {
  /** All labels, the likeliest first. */
  recognised: Recognised[];
  /** Tokens for which nothing in the picture speaks. */
  banned: number[];
  /** What the caption must name; null where nothing is that sure. */
  anchor: Recognised | null;
  /** Tokens that name the anchor or a label nearly as likely, each of which will do. */
  naming: number[];
}

/** Labels of these kinds are not what a picture shows: what is worn, parts of things, printed matter. */
const UNNAMED: readonly string[] = ['wear', 'part', 'page'];
/** Names of these kinds may be said unasked. */
const FREE: readonly string[] = [...UNNAMED, 'scene', 'person'];
const PERSON = 'person';
const DOG = 'dog';
/** The training pictures are full of them, so the language speaks of them unasked; and there may be two: "a man and another man". */
const COMMON: readonly string[] = [PERSON, DOG];
/** The thing whose words say what only the living do; and the things that are alive. */
const ALIVE = 'alive';
const LIVING: readonly string[] = [
  ...COMMON,
  ...['bird', 'cat', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'],
];
/** Where the classifier is sure of one of these, the picture is of that; the witness for people has not learnt what such look like. */
const FILLING: readonly string[] = ['animal', 'vehicle', 'thing', 'food', 'plant'];
/** A photograph of one of these is taken from afar. */
const FAR: readonly string[] = ['scene', 'vehicle'];
/** Less likely labels are no tags, and more than so many nobody reads. */
const LEAST_TAG = 0.05;
const MOST_TAGS = 5;

/**
 * What an honest caption may, must and must not say, after training/policy.py: a thing may be named where it has a witness, a
 * sure label must be named, and where the language has nothing to add, the label is all that is said.
 */
export class CaptionPolicy {
  /** Token -> a group of words of which a caption holds one at most; -1 for those that may stand in it more often. */
  readonly groups: Int32Array;
  readonly lengthPenalty: number;
  readonly #tables: CaptionTables;
  /** Tokens that claim each thing. */
  readonly #claims: number[][];
  /** Tokens of each label's name and its plural, where they may not be said unasked. */
  readonly #names: number[][];
  /** Tokens that name each label, or something that it is a kind of. */
  readonly #naming: number[][];
  /** For each thing the labels that speak for it. */
  readonly #speakers: number[][];

  constructor(tables: CaptionTables, words: CaptionWords) {
    const { labels, things, policy } = tables;
    const tokens = (said: readonly string[]): number[] => said.map((word) => words.idOf(word)).filter((id) => id >= 0);
    const both = ({ name }: Label): number[] => tokens([name, plural(name)]);
    this.#tables = tables;
    this.lengthPenalty = policy.lengthPenalty;
    this.#claims = things.map((thing) => tokens(thing.words));
    this.#names = labels.map((label) => (FREE.includes(label.kind) ? [] : both(label)));
    this.#naming = labels.map((label) => tokens(label.words));
    const wordsOf = labels.map((label) => new Set(label.words));
    this.#speakers = things.map((thing) =>
      labels.flatMap((_, i) => (thing.words.some((word) => wordsOf[i]?.has(word)) ? [i] : [])),
    );
    this.groups = new Int32Array(words.size).fill(-1);
    labels.forEach((label, i) => {
      if (COMMON.includes(label.name) || ['wear', 'person'].includes(label.kind)) return;
      for (const id of both(label)) this.groups[id] = i;
    });
    things.forEach(({ name }, i) => {
      if (COMMON.includes(name) || name === ALIVE) return;
      for (const id of this.#claims[i] ?? []) if (this.groups[id] === -1) this.groups[id] = labels.length + i;
    });
    things.forEach(({ name }, i) => {
      if (COMMON.includes(name)) for (const id of this.#claims[i] ?? []) this.groups[id] = -1;
    });
  }

  /**
   * @param classes [classes], probabilities
   * @param presence [witnesses], probabilities
   */
  judge(classes: Float32Array, presence: Float32Array): Findings {
    const { labels } = this.#tables;
    const probabilities = new Float64Array(labels.length);
    this.#tables.classes.forEach((label, i) => (probabilities[label]! += classes[i] ?? 0));
    const order = [...labels.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!);
    const recognised = order.map((i) => ({ label: labels[i]!, probability: Math.min(1, probabilities[i]!) }));
    const isSeen = this.#seen(probabilities, presence);
    return {
      recognised,
      banned: this.#banned(probabilities, isSeen),
      ...this.#anchor(probabilities, presence, isSeen),
    };
  }

  /** What is said of an anchor where the language has nothing to add to it, or null where it has. @param score mean log-probability */
  shortForm({ anchor }: Findings, score: number): string | null {
    if (!anchor || score >= this.#tables.policy.plain) return null;
    const { kind, phrase } = anchor.label;
    return `${FAR.includes(kind) ? 'a photo of' : 'a close-up of'} ${phrase}`;
  }

  /** How likely a caption is to be right. @param score mean log-probability */
  trust({ recognised }: Findings, score: number): { confidence: number; unsure: boolean } {
    const { page, confidence: fitted } = this.#tables.policy;
    const { bias, mean, label, unsure } = fitted;
    const best = recognised.find(({ label: { kind } }) => !UNNAMED.includes(kind))?.probability ?? 0;
    const evidence = Math.log1p(100 * best) / Math.log(101);
    const confidence = 1 / (1 + Math.exp(-(bias + mean * score + label * evidence)));
    const pages = recognised.reduce((sum, each) => sum + (each.label.kind === 'page' ? each.probability : 0), 0);
    return { confidence, unsure: confidence < unsure || pages >= page };
  }

  /** Which things may be spoken of: what a witness saw, or a label hints at. */
  #seen(probabilities: Float64Array, presence: Float32Array): boolean[] {
    const { labels, things, policy } = this.#tables;
    const { present, besides, hint, close } = policy;
    const isClose = labels.some(
      ({ kind, name }, i) => FILLING.includes(kind) && name !== DOG && probabilities[i]! >= close.label,
    );
    const isSeen = things.map(({ name, witness }, i) => {
      const spoken = Math.max(0, ...this.#speakers[i]!.map((label) => probabilities[label]!));
      if (spoken >= (hint[name] ?? hint.default)) return true;
      const least = isClose && name === PERSON ? close.person : (present[name] ?? present.default);
      const isWitnessed = witness >= 0 && (presence[witness] ?? 0) >= least;
      return isWitnessed && spoken >= (besides[name] ?? besides.default);
    });
    const alive = things.findIndex(({ name }) => name === ALIVE);
    if (alive >= 0) {
      isSeen[alive] =
        things.some(({ name }, i) => LIVING.includes(name) && isSeen[i]) ||
        labels.some(({ kind }, i) => ['animal', 'person'].includes(kind) && probabilities[i]! >= hint.default);
    }
    return isSeen;
  }

  /**
   * The likeliest label that can be named, if it is sure. A dog must be seen (many breeds' small probabilities add up), a scene
   * confirmed by a witness; and so must any label beside people, or be surer: the classifier knows no people and names what
   * lies around.
   */
  #anchor(probabilities: Float64Array, presence: Float32Array, isSeen: boolean[]): Pick<Findings, 'anchor' | 'naming'> {
    const { labels, things, policy } = this.#tables;
    const confirmed = new Set(
      things.flatMap(({ name, witness }, i) =>
        name !== PERSON && witness >= 0 && (presence[witness] ?? 0) >= policy.agree ? this.#speakers[i]! : [],
      ),
    );
    const sees = (thing: string): boolean => isSeen[things.findIndex(({ name }) => name === thing)] ?? false;
    const likely = probabilities.map((probability, i) => {
      const { kind, name } = labels[i]!;
      const isDoubtful = (kind === 'scene' && !confirmed.has(i)) || (name === DOG && !sees(DOG));
      return isDoubtful || UNNAMED.includes(kind) ? 0 : probability;
    });
    const probability = Math.max(...likely);
    const best = likely.indexOf(probability);
    if (probability < policy.sure[sees(PERSON) && !confirmed.has(best) ? 'people' : 'default']) {
      return { anchor: null, naming: [] };
    }
    const rivals = [...likely.keys()].filter((i) => likely[i]! >= policy.rival * probability);
    return {
      anchor: { label: labels[best]!, probability: Math.min(1, probability) },
      naming: [...new Set(rivals.flatMap((i) => this.#naming[i]!))],
    };
  }

  /** Words for things that are not seen, and names of labels that nothing hints at. */
  #banned(probabilities: Float64Array, isSeen: boolean[]): number[] {
    const { things, policy } = this.#tables;
    const hinted = [...probabilities.keys()].filter((i) => probabilities[i]! >= policy.hint.default);
    const allowed = new Set([
      ...this.#claims.filter((_, i) => isSeen[i]).flat(),
      ...hinted.flatMap((i) => [...this.#names[i]!, ...this.#naming[i]!]),
    ]);
    things.forEach(({ name }, i) => {
      if ((COMMON.includes(name) || name === ALIVE) && !isSeen[i])
        for (const id of this.#claims[i]!) allowed.delete(id);
    });
    return [...new Set([...this.#claims.flat(), ...this.#names.flat()])].filter((id) => !allowed.has(id));
  }
}

/** What to show of what was recognised. */
export function tagsOf({ recognised }: Findings): Tag[] {
  return recognised
    .slice(0, MOST_TAGS)
    .filter(({ probability }) => probability >= LEAST_TAG)
    .map(({ label: { name }, probability }) => ({ text: name, probability }));
}
