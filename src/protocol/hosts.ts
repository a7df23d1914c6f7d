/** Where models come from besides this site, each only when the reader has switched it on. */
export const SOURCE_IDS = ['mozilla', 'bergamot', 'argos', 'hub'] as const;

export type SourceId = (typeof SOURCE_IDS)[number];

export interface Source {
  id: SourceId;
  /** As it calls itself; the same in every language. */
  name: string;
  /**
   * What it may be asked for: addresses begin with one of these. Each is named in the content security policy, and the
   * service worker refuses it all the same until the source is switched on.
   */
  addresses: readonly string[];
  /** Its own page, for a reader who wants to know more or to fetch a file by hand. */
  page: string;
}

const MOZILLA_BUCKET = 'moz-fx-translations-data--303e-prod-translations-data';

export const SOURCES: readonly Source[] = [
  {
    id: 'mozilla',
    name: 'Mozilla Firefox Translations',
    // Through the JSON API, which any page may ask; the bucket's plain addresses (https://storage.googleapis.com/<bucket>/...)
    // answer only those of Mozilla's own (https://docs.cloud.google.com/storage/docs/cross-origin).
    addresses: [`https://storage.googleapis.com/download/storage/v1/b/${MOZILLA_BUCKET}/`],
    page: 'https://mozilla.github.io/translations/firefox-models/',
  },
  {
    id: 'bergamot',
    name: 'Bergamot',
    addresses: ['https://bergamot.s3.amazonaws.com/models/'],
    page: 'https://github.com/browsermt/bergamot-translator',
  },
  {
    id: 'argos',
    name: 'Argos Translate',
    // The index, and where its links lead.
    addresses: [
      'https://raw.githubusercontent.com/argosopentech/argospm-index/',
      'https://argos-net.com/v1/',
      'https://data.argosopentech.com/argospm/',
    ],
    page: 'https://www.argosopentech.com/argospm/index/',
  },
  {
    id: 'hub',
    name: 'Hugging Face Hub',
    // Large files are sent on to hosts of a region, whose names change: us.aws.cdn.hf.co, cas-bridge.xethub.hf.co,
    // cdn-lfs-us-1.hf.co, cdn-lfs.huggingface.co.
    addresses: ['https://huggingface.co/', 'https://*.hf.co/', 'https://*.huggingface.co/'],
    page: 'https://huggingface.co/models?library=transformers.js',
  },
];

/** The addresses outside that the page may ever ask, as the content security policy names them. */
export const OUTSIDE_ADDRESSES: readonly string[] = SOURCES.flatMap(({ addresses }) => addresses);

/** A source by its id. @throws RangeError */
export function sourceNamed(id: SourceId): Source {
  const source = SOURCES.find((candidate) => candidate.id === id);
  if (!source) throw new RangeError(`There is no source "${id}".`);
  return source;
}

/** The hosts that a source speaks to: `storage.googleapis.com`, `*.hf.co`. */
export function hostsOf({ addresses }: Source): string[] {
  return addresses.map((address) => address.split('/')[2] ?? '');
}

/** Whether an address is one that a source may be asked for. */
export function isAddressOf({ addresses }: Source, url: string): boolean {
  const asked = new URL(url);
  return asked.protocol === 'https:' && asked.port === '' && addresses.some((address) => isWithin(address, asked));
}

/** @param address - `https://host/path/`, where the host may begin with `*.`, which stands for one or more labels */
function isWithin(address: string, { host, pathname }: URL): boolean {
  const [, , named = '', ...path] = address.split('/');
  const isHost = named.startsWith('*.') ? host.endsWith(named.slice(1)) : host === named;
  return isHost && pathname.startsWith(`/${path.join('/')}`);
}

/** The source that an address outside belongs to. */
export function sourceOf(url: string): SourceId | undefined {
  return SOURCES.find((source) => isAddressOf(source, url))?.id;
}

/** Where a site keeps its own copies of sources, relative to the app: a folder for each, `mirror/mozilla/...`. */
export const MIRRORS = 'mirror/';

/** Held (Web Locks) by the worker that fetches a model of a source, until what came is kept. */
export const installLock = (id: string): string => `glossa-install-${id}`;
