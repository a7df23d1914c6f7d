import { EngineError } from '../../protocol/errors.ts';

const CACHE_NAME = 'glossa-models';

/**
 * Where everything of the models is kept: `sha256/<hash>` a part unpacked, `partial/<hash>/<from>` a piece of an unfinished
 * download, `manifest/<id>` the manifest of a model that was fetched or imported. Parts are named by their content, so two
 * models, or two releases of the page, share what is the same.
 */
export class ModelCache {
  readonly #cache: Cache | null;
  /** Where the browser denies Cache Storage (some private windows), a model lasts as long as this worker. */
  readonly #memory = new Map<string, Response>();

  private constructor(cache: Cache | null) {
    this.#cache = cache;
  }

  static async open(): Promise<ModelCache> {
    if (!('caches' in globalThis)) return new ModelCache(null);
    return new ModelCache(await caches.open(CACHE_NAME).catch(() => null));
  }

  async get(key: string): Promise<Response | undefined> {
    if (this.#cache) return this.#cache.match(url(key));
    return this.#memory.get(key)?.clone();
  }

  /** @throws EngineError quota-exceeded */
  async put(key: string, body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}): Promise<void> {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const response = new Response(bytes, { headers: { ...headers, 'content-length': String(bytes.byteLength) } });
    if (!this.#cache) {
      this.#memory.set(key, response);
      return;
    }
    try {
      await this.#cache.put(url(key), response);
    } catch (cause) {
      const message = 'The browser has no room left for the model. Remove another model, or free space on this device.';
      throw new EngineError('quota-exceeded', message, { cause });
    }
  }

  async delete(key: string): Promise<void> {
    if (this.#cache) await this.#cache.delete(url(key));
    else this.#memory.delete(key);
  }

  /** The keys that begin with `prefix`, without it. */
  async keys(prefix: string): Promise<string[]> {
    const start = url(prefix).href;
    const all = this.#cache
      ? (await this.#cache.keys()).map((request) => request.url)
      : [...this.#memory.keys()].map((key) => url(key).href);
    return all.filter((href) => href.startsWith(start)).map((href) => href.slice(start.length));
  }
}

/** Cache Storage wants URLs; nothing is ever fetched from these. */
function url(key: string): URL {
  return new URL(`/.glossa-models/${key}`, location.origin);
}

/** How many bytes an entry holds, without reading it. */
export function storedLength(response: Response): number {
  return Number(response.headers.get('content-length'));
}
