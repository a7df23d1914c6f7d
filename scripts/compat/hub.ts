import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { foreignFile, type ForeignFile } from '../../src/convert/foreign.ts';

const ids = v.array(v.number());
const runSchema = v.object({
  source: v.string(),
  ids,
  offsets: v.array(v.tuple([v.number(), v.number()])),
  greedy: ids,
  greedyText: v.string(),
  beams: ids,
  beamsText: v.string(),
  attention: v.optional(v.array(v.array(v.number()))),
});
const spokenSchema = v.object({
  prompt: ids,
  greedy: ids,
  beams: ids,
  text: v.string(),
  attention: v.optional(v.array(v.array(v.array(v.number())))),
});
const windowSchema = v.object({
  kind: v.number(),
  noSpeech: v.number(),
  languages: v.array(v.number()),
  runs: v.array(spokenSchema),
});
const schema = v.object({
  cases: v.array(
    v.object({
      name: v.string(),
      prompt: ids,
      runs: v.array(runSchema),
      picture: v.optional(v.object({ greedy: ids, beams: ids })),
      windows: v.optional(v.array(windowSchema)),
      files: v.array(v.object({ path: v.string(), sizeBytes: v.number() })),
    }),
  ),
});

/** A small random model in the layout of transformers.js, and what transformers makes of it. */
export interface HubCase {
  name: string;
  /** Forced first ids of its outputs. */
  prompt: number[];
  runs: v.InferOutput<typeof runSchema>[];
  /** What it says of a picture whose pixel i, in the order of the encoder's input, is sin(0.37 i). */
  picture?: { greedy: number[]; beams: number[] } | undefined;
  /** What it hears in windows of features that `spokenFeatures` makes: the chances of no speech and of each language, what it writes. */
  windows?: v.InferOutput<typeof windowSchema>[] | undefined;
  /** By path. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Written by scripts/reference/hub_models.py: a length, JSON, then the files of all models one after the other. */
function readCases(file: string): HubCase[] {
  const packed = gunzipSync(readFileSync(new URL(file, import.meta.url)));
  let at = 4 + packed.readUInt32LE(0);
  const { cases } = v.parse(schema, JSON.parse(packed.subarray(4, at).toString()));
  return cases.map(({ files, ...rest }) => ({
    ...rest,
    files: new Map(files.map(({ path, sizeBytes }) => [path, Uint8Array.from(packed.subarray(at, (at += sizeBytes)))])),
  }));
}

const hubCases = ['hub', 'hubPictures', 'hubSpeech'].flatMap((name) => readCases(`${name}.golden.bin.gz`));

export function hubCase(name: string): HubCase {
  const found = hubCases.find((one) => one.name === name);
  if (!found) throw new Error(`There is no model ${name}.`);
  return found;
}

/** Its files as a reader would choose them; `change` takes some away, or gives other bytes. */
export function hubFiles(
  { name, files }: HubCase,
  change: (path: string, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | null = (_, bytes) => bytes,
): ForeignFile[] {
  return [...files].flatMap(([path, bytes]) => {
    const changed = change(path, bytes);
    return changed ? [foreignFile(`opus-mt-en-pt-${name}/${path}`, new Blob([changed]))] : [];
  });
}

/** Gives a case another config. */
export function withConfig(settings: object) {
  return (path: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
    path === 'config.json'
      ? new TextEncoder().encode(JSON.stringify({ ...JSON.parse(new TextDecoder().decode(bytes)), ...settings }))
      : bytes;
}
