import * as v from 'valibot';
import { gunzipped, gunzippedBytes, isGzip, readStream } from '../../formats/archives/gunzip.ts';
import { type CatalogueEntry, type CatalogueFile, entrySchema } from '../../protocol/catalogue.ts';
import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import { ModelCache } from './cache.ts';
import { begunBytes, forgetDownload, openDownload, type Opened, receive, type Wanted } from './download.ts';
import { type Asked, askFor } from './outside.ts';
import { checkRoom, type FetchOptions } from './parts.ts';
import { CorruptPart, sha256 } from './unpack.ts';

/*
 * What is fetched from a source is kept in pieces, `outside/<id>/<file>/<from>`, until the model is made of it; beside them the
 * entry itself, `begun/<id>`, so that a later visit can go on with it.
 */

/** A file that was fetched, compared with what its source says of it, and unpacked. */
export interface FetchedFile {
  path: string;
  file: Blob;
}

/**
 * Fetches the files of an entry, going on where an earlier try was interrupted, with one progress over all.
 * @throws EngineError aborted, model-corrupt, quota-exceeded, and what `askFor` throws; what came is kept, but what is damaged
 */
export async function fetchEntry(
  entry: CatalogueEntry,
  asked: Asked,
  { signal, onProgress }: FetchOptions,
): Promise<FetchedFile[]> {
  const cache = await ModelCache.open();
  await cache.put(BEGUN + entry.id, JSON.stringify(entry));
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const wanted = new Map(entry.files.map((file) => [file, wantedFile(entry, file, asked, either)]));
  // Where the index tells no length, the answers do: all of these are asked before the first is read.
  const opened = new Map<CatalogueFile, Opened>();
  const open = async (file: CatalogueFile): Promise<Opened> => {
    const known = opened.get(file) ?? (await openDownload(need(wanted, file), cache));
    opened.set(file, known);
    return known;
  };
  try {
    await Promise.all(entry.files.filter(({ bytes }) => bytes === undefined).map(open));
    const here = new Map<CatalogueFile, number>();
    for (const file of entry.files) here.set(file, await begunBytes(need(wanted, file).pieces, cache));
    const lengths = new Map(entry.files.map((file) => [file, lengthOf(file, opened.get(file))]));
    const total = sum(lengths.values());
    // Until the model is made of them, the pieces stay.
    await checkRoom(entry, 2 * total - sum(here.values()));
    const report = (file: CatalogueFile, bytes: number): void => {
      here.set(file, Math.min(bytes, lengths.get(file) ?? bytes));
      onProgress?.({ stage: 'download', done: Math.min(sum(here.values()), total), total, unit: 'bytes' });
    };
    const fetched: FetchedFile[] = [];
    for (const file of entry.files) {
      throwIfAborted(signal);
      fetched.push(
        await fetchFile(file, need(wanted, file), await open(file), cache, either, (bytes) => report(file, bytes)),
      );
      report(file, need(lengths, file));
    }
    return fetched;
  } catch (error) {
    // What was asked and is not read any more.
    failure.abort();
    throwIfAborted(signal);
    throw error;
  }
}

/** The entries that were begun and not finished, with how much of each is here. */
export async function begunEntries(): Promise<CatalogueEntry[]> {
  const cache = await ModelCache.open();
  const entries: CatalogueEntry[] = [];
  for (const id of await cache.keys(BEGUN)) {
    const kept = await cache.read(BEGUN + id);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), entrySchema), new TextDecoder().decode(kept?.bytes));
    if (!parsed.success) continue;
    let fetchedBytes = 0;
    for (const file of parsed.output.files) fetchedBytes += await begunBytes(piecesOf(parsed.output, file), cache);
    entries.push({ ...parsed.output, fetchedBytes });
  }
  return entries;
}

/** Drops what was fetched of an entry: the model is made of it, or it is not wanted any more. */
export async function forgetEntry(id: string): Promise<void> {
  const cache = await ModelCache.open();
  await forgetDownload(`outside/${id}/`, cache);
  await cache.delete(BEGUN + id);
}

const BEGUN = 'begun/';

const piecesOf = ({ id }: CatalogueEntry, { path }: CatalogueFile): string => `outside/${id}/${path}/`;

function wantedFile(entry: CatalogueEntry, file: CatalogueFile, asked: Asked, signal: AbortSignal): Wanted {
  return {
    file: file.path,
    pieces: piecesOf(entry, file),
    packedBytes: file.bytes ?? null,
    gzip: file.gzip === true,
    unpackedBytes: file.unpackedBytes ?? null,
    ask: (headers) => askFor(asked, file.url, { headers, cache: 'no-store', signal }),
    look: (first) => refusePage(file, first),
  };
}

/** How long a file is as it is sent, as far as anybody says: what is in it is longer by a little. */
function lengthOf(file: CatalogueFile, opened: Opened | undefined): number {
  return file.bytes ?? opened?.totalBytes ?? file.unpackedBytes ?? 0;
}

/** What went on from an earlier try may have been damaged there: then it is begun anew, once. */
async function fetchFile(
  file: CatalogueFile,
  wanted: Wanted,
  opened: Opened,
  cache: ModelCache,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<FetchedFile> {
  try {
    const bytes = await receive(wanted, opened, cache, { signal, onBytes });
    return { path: file.path, file: new Blob([await unpacked(file, bytes)]) };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'model-corrupt') throw error;
    await forgetDownload(wanted.pieces, cache);
    if (opened.fetchedBytes === 0) throw error;
    return fetchFile(file, wanted, await openDownload(wanted, cache), cache, signal, onBytes);
  }
}

/** @throws EngineError model-corrupt */
async function unpacked(file: CatalogueFile, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const part = { file: file.path };
  const whole = file.gzip === true && isGzip(bytes) ? await gunzip(file, new Blob([bytes])) : bytes;
  const expected = file.gzip === true ? file.unpackedBytes : file.bytes;
  if (expected !== undefined && whole.length !== expected)
    throw new CorruptPart(part, `it has ${whole.length} bytes instead of ${expected}`);
  if (file.sha256 !== undefined && (await sha256(whole)) !== file.sha256)
    throw new CorruptPart(part, 'its checksum is wrong');
  return whole;
}

/** Where nobody says how much is in a gzip, it says so itself. @throws EngineError model-corrupt */
async function gunzip({ path: name, unpackedBytes }: CatalogueFile, packed: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const sizeBytes = await gunzippedBytes(name, packed);
  if (unpackedBytes !== undefined && sizeBytes > unpackedBytes)
    throw new CorruptPart({ file: name }, `it holds ${sizeBytes} bytes instead of ${unpackedBytes}`);
  return readStream(gunzipped(packed), { name, sizeBytes });
}

/** Some hosts send a page and call it a file. @throws EngineError not-a-model */
function refusePage({ path }: CatalogueFile, first: Uint8Array): void {
  if (!/^\s*<(!doctype html|html|head)/i.test(new TextDecoder().decode(first.subarray(0, 200)))) return;
  throw new EngineError('not-a-model', `Instead of the file "${path}" came a web page. Try again later.`);
}

function need<K, T>(map: ReadonlyMap<K, T>, key: K): T {
  const value = map.get(key);
  if (value === undefined) throw new RangeError('There is no such file in the entry.');
  return value;
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
