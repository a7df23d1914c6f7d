import type { CatalogueEntry } from '../../protocol/catalogue.ts';
import { EngineError } from '../../protocol/errors.ts';
import { isAddressOf, MIRRORS, type SourceId, sourceNamed } from '../../protocol/hosts.ts';
import { ARGOS_INDEX, readArgos } from './argos.ts';
import { BERGAMOT_INDEX, readBergamot } from './bergamot.ts';
import { hubIndex, isRepository, readHub } from './hub.ts';
import { MOZILLA_INDEX, readMozilla } from './mozilla.ts';
import { nameIn } from './readIndex.ts';

/** How a source says what it has. */
interface Catalogue {
  /** Where it says it. @param repository - on the Hub: `owner/name` */
  index(repository: string): string;
  /** @throws EngineError not-a-model or unsupported-model */
  read(text: string, repository: string): CatalogueEntry[];
  /** Where a copy of a file lies, within the folder of the source's copy. */
  copyOf(url: URL): string;
}

export const CATALOGUES: Record<SourceId, Catalogue> = {
  mozilla: {
    index: () => MOZILLA_INDEX,
    read: readMozilla,
    // The object's own name, as in the bucket: db/models.json, models/en-ru/...
    copyOf: ({ pathname }) => pathname.split('/o/').at(-1)?.replaceAll('%2F', '/') ?? '',
  },
  bergamot: {
    index: () => BERGAMOT_INDEX,
    read: readBergamot,
    copyOf: ({ pathname }) => pathname.replace(/^\/models\//, ''),
  },
  argos: {
    index: () => ARGOS_INDEX,
    read: readArgos,
    copyOf: ({ href }) => nameIn(href),
  },
  hub: {
    index(repository) {
      if (isRepository(repository)) return hubIndex(repository);
      throw new EngineError('bad-input', 'A repository of the Hub is named as "owner/name".');
    },
    read: (text, repository) => [readHub(repository, text)],
    copyOf: ({ pathname }) => pathname.slice(1),
  },
};

/**
 * Where this site keeps its own copy of a source's file, relative to the app: `mirror/mozilla/db/models.json`.
 * @throws EngineError bad-input where the address is not one of the source's
 */
export function mirrorPath(source: SourceId, url: string): string {
  const path = CATALOGUES[source].copyOf(new URL(url));
  if (!isAddressOf(sourceNamed(source), url) || !/^[\w.-]+(\/[\w.-]+)*$/.test(path) || path.split('/').includes('..'))
    throw new EngineError('bad-input', `The address ${url.slice(0, 200)} is none of this source's.`);
  return `${MIRRORS}${source}/${path}`;
}
