import { EngineError } from '../../protocol/errors.ts';

const CACHE_NAME = 'glossa-models';

export interface Entry {
  bytes: Uint8Array<ArrayBuffer>;
  headers: Headers;
}

/** What Cache Storage does not take: it lasts as long as this worker. */
const memory = new Map<string, Entry>();

/**
 * Where everything of the models is kept: `sha256/<hash>` a part unpacked, `partial/<hash>/<from>` a piece of an unfinished
 * download, `manifest/<id>` the manifest of a model that was fetched or imported, `used/<id>` and `verified/<id>` when it
 * was. Parts are named by their content, so two models, or two releases of the page, share what is the same.
 *
 * Where the browser denies Cache Storage (some private windows), or takes it away while the page is open, what is written
 * stays in memory, and what was there counts as missing.
 */
export class ModelCache {
  #cache: Cache | null;

  private constructor(cache: Cache | null) {
    this.#cache = cache;
  }

  static async open(): Promise<ModelCache> {
    if (!('caches' in globalThis)) return new ModelCache(null);
    return new ModelCache(await caches.open(CACHE_NAME).catch(() => null));
  }

  /** Whether what is written outlives this worker, as far as is known. */
  get lasts(): boolean {
    return this.#cache !== null;
  }

  /** An entry; undefined when there is none. One that cannot be read is dropped. */
  async read(key: string): Promise<Entry | undefined> {
    const kept = memory.get(key);
    if (kept) return kept;
    const response = await this.#ask((cache) => cache.match(url(key)));
    if (!response) return undefined;
    try {
      return { bytes: new Uint8Array(await response.arrayBuffer()), headers: response.headers };
    } catch {
      await this.delete(key);
      return undefined;
    }
  }

  /** How many bytes an entry was written with, without reading them; undefined when there is none. */
  async storedLength(key: string): Promise<number | undefined> {
    const kept = memory.get(key);
    if (kept) return kept.bytes.length;
    const response = await this.#ask((cache) => cache.match(url(key)));
    if (!response) return undefined;
    // A body that is left open keeps the browser from giving back its room when the entry is deleted.
    await response.body?.cancel();
    return Number(response.headers.get('content-length'));
  }

  /** @throws EngineError quota-exceeded */
  async put(key: string, body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}): Promise<void> {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const described = new Headers({ ...headers, 'content-length': String(bytes.length) });
    await this.#ask((cache) => cache.put(url(key), new Response(inPieces(bytes), { headers: described })));
    if (this.#cache) memory.delete(key);
    else memory.set(key, { bytes, headers: described });
  }

  async delete(key: string): Promise<void> {
    memory.delete(key);
    await this.#ask((cache) => cache.delete(url(key)));
  }

  /** The keys that begin with `prefix`, without it. */
  async keys(prefix: string): Promise<string[]> {
    const start = url(prefix).href;
    const stored = (await this.#ask((cache) => cache.keys()))?.map((request) => request.url) ?? [];
    const all = new Set([...stored, ...[...memory.keys()].map((key) => url(key).href)]);
    return [...all].filter((href) => href.startsWith(start)).map((href) => href.slice(start.length));
  }

  /** What the cache answers; undefined where it is not there (any more). @throws EngineError quota-exceeded */
  async #ask<T>(ask: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    if (!this.#cache) return undefined;
    try {
      return await ask(this.#cache);
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'QuotaExceededError') {
        const message =
          'The browser has no room left for the model. Remove another model, or free space on this device.';
        throw new EngineError('quota-exceeded', message, { cause });
      }
      this.#cache = null;
      return undefined;
    }
  }
}

const PIECE_BYTES = 2 ** 20;

/** A body that is read as it is written: one that is given whole is copied whole, and twice, before that begins. */
function inPieces(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, (at += PIECE_BYTES)));
      else controller.close();
    },
  });
}

/** Cache Storage wants URLs; nothing is ever fetched from these. */
function url(key: string): URL {
  return new URL(`/.glossa-models/${key}`, location.origin);
}
