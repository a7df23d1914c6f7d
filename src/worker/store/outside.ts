import * as v from 'valibot';
import { CATALOGUES, mirrorPath } from '../../formats/catalogue/catalogues.ts';
import type { CatalogueEntry } from '../../protocol/catalogue.ts';
import { abortedError, EngineError, throwIfAborted } from '../../protocol/errors.ts';
import { isAddressOf, MIRRORS, SOURCE_IDS, type SourceId, sourceNamed } from '../../protocol/hosts.ts';
import { appUrl } from './manifests.ts';

/** The longest index that is read. */
const MOST_INDEX_BYTES = 24 * 2 ** 20;

/** A source as it is asked: at its own hosts, or from this site's copy. */
export interface Asked {
  source: SourceId;
  mirrored: boolean;
}

const mirrorsSchema = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

/**
 * The sources that this site has a copy of: `mirror/index.json` lists them, `["mozilla"]`.
 * @throws EngineError aborted, download-failed or not-a-model: a site that has copies must not send its readers elsewhere
 */
export async function readMirrors(signal: AbortSignal): Promise<SourceId[]> {
  const text = await readText(await askOwn(appUrl(`${MIRRORS}index.json`), { signal, cache: 'no-cache' }), signal);
  const parsed = v.safeParse(mirrorsSchema, text);
  if (parsed.success) return SOURCE_IDS.filter((id) => parsed.output.includes(id));
  throw new EngineError(
    'not-a-model',
    `The file ${MIRRORS}index.json of this site must be a list of sources, such as ["mozilla"].`,
  );
}

/**
 * What a source says it has.
 * @param repository - on the Hub: `owner/name`
 * @throws EngineError what `askFor` and the reader of the index throw
 */
export async function readCatalogue(asked: Asked, repository: string, signal: AbortSignal): Promise<CatalogueEntry[]> {
  const { index, read } = CATALOGUES[asked.source];
  const response = await askFor(asked, index(repository), { signal, cache: 'no-cache' });
  return read(await readText(response, signal), repository);
}

/**
 * Asks a source for a file: its index, or one of a model.
 * @returns a response of status 200, 206 or 416
 * @throws EngineError aborted, bad-input (not an address of the source), host-unreachable, not-found, access-denied, not-a-model
 *   (a page instead of a file) or download-failed
 */
export async function askFor(
  { source, mirrored }: Asked,
  address: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response> {
  if (mirrored) return checked(await askOwn(appUrl(mirrorPath(source, address)), init));
  const named = sourceNamed(source);
  if (!isAddressOf(named, address))
    throw new EngineError('bad-input', `The address ${address.slice(0, 200)} is none of this source's.`);
  const headers = new Headers(init.headers);
  // Another site has to be asked first whether it takes this one; the length and the checksum tell as much.
  headers.delete('If-Range');
  let response: Response;
  try {
    response = await fetch(address, {
      ...init,
      headers,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      mode: 'cors',
    });
  } catch (cause) {
    throw unreachable(address, init.signal, cause);
  }
  if (response.redirected && !isAddressOf(named, response.url)) {
    void response.body?.cancel();
    throw unreachable(
      address,
      init.signal,
      new Error(`It sends on to ${new URL(response.url).host}, which nobody named.`),
    );
  }
  return checked(response);
}

async function askOwn(url: URL, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init.signal.aborted) throw abortedError();
    throw new EngineError('download-failed', 'This site could not be reached. Check the connection and try again.', {
      cause,
    });
  }
}

/** A browser does not tell a page whether a host is gone or does not let pages of other sites read it. */
function unreachable(address: string, signal: AbortSignal, cause: unknown): EngineError {
  if (signal.aborted) return abortedError();
  const { host } = new URL(address);
  const message = `${host} could not be reached from this page: there is no connection to it, or it lets no page read its files. Try again, or download the files there and add them as a model of your own.`;
  return new EngineError('host-unreachable', message, { cause });
}

/** @throws EngineError where the answer is not a file */
function checked(response: Response): Response {
  const { status, headers } = response;
  const isPage = headers.get('content-type')?.startsWith('text/html') === true;
  if ((status === 200 || status === 206) && !isPage) return response;
  if (status === 416) return response;
  void response.body?.cancel().catch(() => undefined);
  const host = response.url === '' ? 'The host' : new URL(response.url).host;
  if (status === 200 || status === 206)
    throw new EngineError(
      'not-a-model',
      `${host} sent a web page instead of a file. A network that asks for a sign-in does that, too: open its page, then try again.`,
    );
  if (status === 404 || status === 410)
    throw new EngineError(
      'not-found',
      `${host} does not have this file any more (${status}). Choose another model, or try again later.`,
    );
  if (status === 401 || status === 403 || status === 451)
    throw new EngineError(
      'access-denied',
      `${host} does not give this file to everybody (${status}). It may want an account, or its terms accepted: download the files there and add them as a model of your own.`,
    );
  throw new EngineError('download-failed', `${host} answered ${status}. Try again later.`);
}

/** A short text. @throws EngineError aborted, download-failed or not-a-model (too long) */
async function readText(response: Response, signal: AbortSignal): Promise<string> {
  const checkedResponse = checked(response);
  const reader = checkedResponse.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true as const, value: undefined };
      throwIfAborted(signal);
      if (done) return text + decoder.decode();
      bytes += value.length;
      if (bytes > MOST_INDEX_BYTES) throw new EngineError('not-a-model', 'The list of models is too long to be one.');
      text += decoder.decode(value, { stream: true });
    }
  } catch (cause) {
    void reader?.cancel().catch(() => undefined);
    if (cause instanceof EngineError) throw cause;
    if (signal.aborted) throw abortedError();
    throw new EngineError('download-failed', 'The connection ended on the way. Try again.', { cause });
  }
}
