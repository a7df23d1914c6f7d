import { release } from '../formats/release.ts';
import type { ModelKind } from '../protocol/types.ts';
import type { ConvertedModel } from './converted.ts';

/** A file that the reader brought, or that was fetched, before anybody knows what it is. */
export interface ForeignFile {
  /** Its name, after the folders it lies in: `enpt/model.enpt.intgemm.alphas.bin`. */
  path: string;
  sizeBytes: number;
  /** Its bytes; with `most`, the first of them, so many or all. They are the caller's own. */
  bytes(most?: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Files that were recognised as a model of another engine. */
export interface ForeignModel {
  /** What it is, as those who use it say: "Firefox Translations". */
  format: string;
  kind: ModelKind;
  /** What to call it, as far as the files say. */
  name: string;
  /** BCP-47 tags of what it reads or hears, and of what it writes, as far as the files say them; empty: unknown. */
  from: string[];
  to: string[];
  /** Reads the files and writes them anew in our form. Throws EngineError model-corrupt or unsupported-model. */
  convert(): Promise<ConvertedModel<{ type: string }>>;
}

/**
 * Recognises the models of one format: null where the files are of another one. Throws EngineError unsupported-model, which names
 * what is missing, where they are of this one.
 */
export type ForeignFormat = (files: readonly ForeignFile[]) => Promise<ForeignModel | null>;

/** A file of the page's, or a download. */
export function foreignFile(path: string, blob: Blob): ForeignFile {
  return {
    path,
    sizeBytes: blob.size,
    bytes: async (most) => new Uint8Array(await (most === undefined ? blob : blob.slice(0, most)).arrayBuffer()),
  };
}

/**
 * Reads the whole of a file for as long as it is used, and gives its memory back at once: a file is large, and it may be long until it
 * is collected.
 * @param use what it gives may not be a view of the bytes
 */
export async function withBytes<T>(
  file: ForeignFile,
  use: (bytes: Uint8Array<ArrayBuffer>) => T | Promise<T>,
): Promise<T> {
  const bytes = await file.bytes();
  try {
    return await use(bytes);
  } finally {
    release(bytes);
  }
}

/** A file's name without its folders. */
export const nameOf = ({ path }: Pick<ForeignFile, 'path'>): string => path.slice(path.lastIndexOf('/') + 1);

/** The folders a file lies in, the nearest first. */
export const foldersOf = ({ path }: ForeignFile): string[] => path.split('/').slice(0, -1).reverse();
