import * as v from 'valibot';
import { EngineError } from '../../protocol/errors.ts';
import type { Tag } from '../../protocol/types.ts';

const label = v.object({
  /** An everyday name: "red panda". */
  name: v.string(),
  /** What sort of thing it is: animal, food, scene, wear, page... */
  kind: v.string(),
  /** The name with its article, as a caption would have it. */
  phrase: v.string(),
  /** Everything a caption may say that names the same thing, or something that it is a kind of. */
  words: v.array(v.string()),
});

const schema = v.object({
  /** Of each class of the classifier the index of its label: what people call by one name is one label. */
  classes: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
  labels: v.array(label),
});

export type Label = v.InferOutput<typeof label>;

/** A label and how likely it is, 0..1. */
export interface Recognised {
  label: Label;
  probability: number;
}

/** Less likely labels are no tags, and more than so many nobody reads. */
const LEAST_TAG = 0.05;
const MOST_TAGS = 5;

/** What a classifier's classes are called. */
export class Labels {
  readonly #classes: readonly number[];
  readonly #labels: readonly Label[];

  constructor({ classes, labels }: v.InferOutput<typeof schema>) {
    this.#classes = classes;
    this.#labels = labels;
  }

  /** @param probabilities [classes] @returns every label, the likeliest first */
  recognise(probabilities: Float32Array): Recognised[] {
    const sums = new Float64Array(this.#labels.length);
    this.#classes.forEach((index, i) => (sums[index]! += probabilities[i] ?? 0));
    return this.#labels
      .map((each, i) => ({ label: each, probability: Math.min(1, sums[i] ?? 0) }))
      .sort((a, b) => b.probability - a.probability);
  }
}

/** What to show of what was recognised. */
export function tagsOf(recognised: readonly Recognised[]): Tag[] {
  return recognised
    .slice(0, MOST_TAGS)
    .filter(({ probability }) => probability >= LEAST_TAG)
    .map(({ label: { name }, probability }) => ({ text: name, probability }));
}

/** @throws EngineError model-corrupt */
export function parseLabels(file: Uint8Array): Labels {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), new TextDecoder().decode(file));
  if (parsed.success && parsed.output.classes.every((index) => index < parsed.output.labels.length)) {
    return new Labels(parsed.output);
  }
  throw new EngineError('model-corrupt', 'The table of labels is damaged. Fetch the model again.');
}
