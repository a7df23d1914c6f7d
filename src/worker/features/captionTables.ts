import * as v from 'valibot';
import { EngineError } from '../../protocol/errors.ts';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A number for each thing by its name, and one for all others. */
const perThing = v.objectWithRest({ default: v.number() }, v.number());

const label = v.object({
  /** An everyday name: "red panda". */
  name: v.string(),
  /** animal, vehicle, thing, food, plant, wear, scene, part, person or page. */
  kind: v.string(),
  /** The name with its article, as a caption would have it. */
  phrase: v.string(),
  /** Tokens of a caption that name the same thing, or something that it is a kind of. */
  words: v.array(v.string()),
});

const thing = v.object({
  name: v.string(),
  /** Its place among what the encoder is a witness of; -1 for none. */
  witness: v.pipe(v.number(), v.integer(), v.minValue(-1)),
  /** Tokens that claim it. */
  words: v.array(v.string()),
});

/** See training/policy.py, whose numbers these are. */
const policy = v.object({
  /** A thing is seen where its witness has at least this probability and, besides, a label that speaks for it that one... */
  present: perThing,
  besides: perThing,
  /** ...or where such a label has this one. */
  hint: perThing,
  /** In a picture of one thing, which a label of this probability is, dogs aside, people need a witness of that one. */
  close: v.object({ label: v.number(), person: v.number() }),
  /** From here on the caption must hold a label; with people in the picture, one that no witness confirms. */
  sure: v.object({ default: v.number(), people: v.number() }),
  /** A witness confirms a label from here on. */
  agree: v.number(),
  /** What share of its probability another label needs to be held instead. */
  rival: v.number(),
  /** Below this mean log-probability a caption says nothing beyond its label. */
  plain: v.number(),
  /** From this probability of printed matter on a caption is unsure. */
  page: v.number(),
  /** The search's. */
  lengthPenalty: v.number(),
  confidence: v.object({
    bias: v.number(),
    /** How much the mean log-probability counts, and the likeliest label. */
    mean: v.number(),
    label: v.number(),
    /** Below this a caption is unsure. */
    unsure: v.number(),
  }),
});

const schema = v.object({
  policy,
  /** Of each class of the classifier the index of its label: what people call by one name is one label. */
  classes: v.array(index),
  labels: v.array(label),
  things: v.array(thing),
});

export type Label = v.InferOutput<typeof label>;
export type CaptionTables = v.InferOutput<typeof schema>;

/**
 * What a captioner knows besides its network: names of classes, words for things, the numbers of its policy.
 * @throws EngineError model-corrupt
 */
export function parseCaptionTables(file: Uint8Array): CaptionTables {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), new TextDecoder().decode(file));
  if (parsed.success && parsed.output.classes.every((i) => i < parsed.output.labels.length)) return parsed.output;
  const where = parsed.issues?.[0] ? (v.getDotPath(parsed.issues[0]) ?? 'the whole') : 'classes';
  throw new EngineError('model-corrupt', `The table of labels is damaged (${where}). Fetch the model again.`);
}

/** The names that have a plural: those that a caption says with an article. */
export function countableNames({ labels }: CaptionTables): string[] {
  return labels.filter(({ name, phrase }) => phrase !== name).map(({ name }) => name);
}
