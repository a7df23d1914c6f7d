import { EngineError } from '../protocol/errors.ts';
import type { GivenFile } from '../protocol/messages.ts';
import type { ForeignInfo, ImportAbout, ModelInfo } from '../protocol/types.ts';
import { checkLanguage, checkSignal } from './checkOptions.ts';
import type { RunOptions } from './options.ts';
import type { Pool } from './pool.ts';

/** Keeps a model from files, converted where it is another engine's. Rejects with an EngineError. */
export async function importModel(
  pool: Pool,
  files: unknown,
  { signal, onProgress, ...about }: RunOptions & ImportAbout,
): Promise<ModelInfo> {
  checkSignal(signal);
  const input = { files: checkFiles(files), about: checkAbout(about) };
  pool.keepStorage();
  return pool.manage('importModel', input, { signal, onProgress });
}

/** Says what files are that could be imported. Rejects with an EngineError that names what is missing. */
export async function inspectModel(
  pool: Pool,
  files: unknown,
  { signal, onProgress }: RunOptions,
): Promise<ForeignInfo> {
  checkSignal(signal);
  return pool.manage('inspectModel', { files: checkFiles(files) }, { signal, onProgress });
}

function checkFiles(files: unknown): GivenFile[] {
  if (Array.isArray(files) && files.length > 0 && files.every(isFile)) return files.map(given);
  throw new EngineError('bad-input', 'A model is imported from an array of File objects, or of { path, file }.');
}

const isFile = (value: unknown): value is File | GivenFile =>
  value instanceof File ||
  (typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'file' in value &&
    value.file instanceof Blob);

const given = (file: File | GivenFile): GivenFile =>
  file instanceof File ? { path: file.webkitRelativePath || file.name, file } : { path: file.path, file: file.file };

const TEXTS = ['id', 'name', 'licence', 'licenceUrl', 'source', 'sourceUrl'] as const;

/** What is known of a model; empty texts and lists are left out. */
function checkAbout(about: ImportAbout): ImportAbout {
  const checked: ImportAbout = {};
  for (const name of TEXTS) {
    const value: unknown = about[name];
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string') throw new EngineError('bad-input', `"${name}" must be a string.`);
    checked[name] = value;
  }
  for (const name of ['from', 'to'] as const) {
    const value: unknown = about[name];
    if (value === undefined) continue;
    if (!Array.isArray(value)) throw new EngineError('bad-input', `"${name}" must be an array of language tags.`);
    if (value.length > 0) checked[name] = value.map((tag) => checkLanguage(tag, name));
  }
  return checked;
}
