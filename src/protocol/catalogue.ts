import * as v from 'valibot';
import { SOURCE_IDS, type SourceId } from './hosts.ts';
import { link, modelIdSchema } from './manifest.ts';

const bytes = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const text = v.pipe(v.string(), v.maxLength(200));
const languages = v.pipe(v.array(v.pipe(v.string(), v.maxLength(35))), v.maxLength(500));

/** A file of a model, as its source has it. */
const file = v.object({
  /** What it is called among the model's files, with its folders: `onnx/encoder_model.onnx`. */
  path: v.pipe(v.string(), v.regex(/^(?!.*(^|\/)\.{1,2}(\/|$))[\w.-][\w./-]{0,199}$/)),
  /** Where it lies. */
  url: link,
  /** Its length as it lies there, where the index says so. */
  bytes: v.optional(bytes),
  /** Whether it lies there gzipped, and what is said below is of what is in it. Some hosts unpack it on the way. */
  gzip: v.optional(v.boolean()),
  /** The length and the checksum of what is in it, where the index says so. */
  unpackedBytes: v.optional(bytes),
  sha256: v.optional(sha256),
});

/** A model that a source offers. Comes from a script when it is installed: nothing in it is trusted before it fits. */
export const entrySchema = v.object({
  source: v.picklist(SOURCE_IDS),
  /** The id that it has once it is here; the same each time the source is read. */
  id: modelIdSchema,
  name: text,
  /** What tells it from others of the same languages: `base-memory`, `1.9`. */
  variant: v.optional(text),
  kind: v.optional(v.picklist(['translation', 'speech', 'captioning', 'summary'])),
  /** BCP-47 tags, as far as the index says them. */
  from: languages,
  to: languages,
  /** What has to be fetched, where the index says so; with `about`, it is more than that by a little. */
  bytes: v.optional(bytes),
  about: v.optional(v.boolean()),
  licence: v.optional(text),
  licenceUrl: v.optional(link),
  /** A page about it. */
  page: link,
  files: v.pipe(v.array(file), v.minLength(1), v.maxLength(50)),
  /** What of it is here of a try that was interrupted. */
  fetchedBytes: v.optional(bytes),
});

export type CatalogueEntry = v.InferOutput<typeof entrySchema>;
export type CatalogueFile = CatalogueEntry['files'][number];

/** A source as it stands: its name, whom it asks, and whether it may. */
export interface SourceInfo {
  id: SourceId;
  name: string;
  page: string;
  /** Whom it asks: `huggingface.co`. Empty where this site keeps a copy of its own. */
  hosts: string[];
  /** Whether this site has a copy of it: then nothing outside is asked. */
  mirrored: boolean;
  on: boolean;
}
