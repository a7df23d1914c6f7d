import { MIRRORS, type SourceId, SOURCE_IDS, sourceOf } from './hosts.ts';

/** What a request was for. */
export type Purpose = 'page' | 'shell' | 'runtime' | 'model' | 'models' | 'source' | 'example' | 'other' | 'elsewhere';

/** Where the answer came from: over the network, from this device, from nowhere because it failed or was refused. */
export type AnsweredBy = 'network' | 'device' | 'failed' | 'refused';

/** One request of this app. Addresses have neither query nor fragment, so that nothing of the reader's can be in them. */
export interface RequestRecord {
  /** Milliseconds since 1970. */
  at: number;
  url: string;
  purpose: Purpose;
  /** The model that it was for. */
  model?: string;
  /** The source of models that was asked. */
  source?: SourceId;
  /** The host that it was sent on to, where that is another one. */
  redirectedTo?: string;
  by: AnsweredBy;
  /** The length of the answer as it was sent, where that is known. */
  bytes: number | null;
  /** Who asked: a page (or the browser for it), one of its workers, or the service worker that keeps the shell. */
  client: 'page' | 'worker' | 'service-worker';
}

/** What the service worker lets through. */
export interface NetworkRules {
  /** `open`: this site and the sources that are switched on; `site`: this site alone; `none`: nothing but what is on the device. */
  lock: 'open' | 'site' | 'none';
  /** The sources of models that the reader has switched on. */
  sources: SourceId[];
}

export const DEFAULT_RULES: NetworkRules = { lock: 'open', sources: [] };

/**
 * Whether a request may go to the network.
 * @param origin - the app's own
 */
export function mayLeave(url: string, origin: string, { lock, sources }: NetworkRules): boolean {
  if (lock === 'none') return false;
  if (new URL(url).origin === origin) return true;
  const source = sourceOf(url);
  return lock === 'open' && source !== undefined && sources.includes(source);
}

/** What the page asks of the service worker: to read the rules again (it answers by the port), or to take over at once. */
export type PageMessage = 'rules-changed' | 'take-over';

const MODEL_FILE = /^models\/([^/]+)\/./;
const MIRROR_FILE = new RegExp(`^${MIRRORS}([^/]+)/.`);

/**
 * What a request is for, by its address alone.
 * @param base - where the app lies, with a slash at its end
 */
export function purposeOf(address: string, base: string): { purpose: Purpose; model?: string; source?: SourceId } {
  const [url, home] = [new URL(address), new URL(base)];
  if (url.origin !== home.origin) {
    const source = sourceOf(address);
    return source === undefined ? { purpose: 'elsewhere' } : { purpose: 'source', source };
  }
  if (!url.pathname.startsWith(home.pathname)) return { purpose: 'other' };
  const path = url.pathname.slice(home.pathname.length);
  const model = MODEL_FILE.exec(path)?.[1];
  if (model !== undefined) return { purpose: 'model', model };
  const mirrored = SOURCE_IDS.find((id) => id === MIRROR_FILE.exec(path)?.[1]);
  if (mirrored !== undefined) return { purpose: 'source', source: mirrored };
  if (path.startsWith('models/')) return { purpose: 'models' };
  if (path === '' || path === 'index.html') return { purpose: 'page' };
  if (path.endsWith('.wasm') || /(^|\/)ort-wasm/.test(path)) return { purpose: 'runtime' };
  if (/\.(webm|wav|mp3|mp4|jpe?g|webp)$/.test(path)) return { purpose: 'example' };
  if (/\.(html|m?js|css|svg|png|ico|webmanifest|json)$/.test(path)) return { purpose: 'shell' };
  return { purpose: 'other' };
}

/** An address without what a reader may have put into it. */
export function withoutContent(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
