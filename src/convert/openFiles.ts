import { gunzipped, gunzippedBytes, isGzip, readStart, readStream } from '../formats/archives/gunzip.ts';
import { isTar, readTar, TAR_HEAD_BYTES } from '../formats/archives/tar.ts';
import { isZip, readZip } from '../formats/archives/zip.ts';
import { EngineError } from '../protocol/errors.ts';
import { foreignFile, nameOf, type ForeignFile } from './foreign.ts';
import { isClutter } from './identify.ts';

/** A file as a reader chose it, or as it was downloaded. */
interface ChosenFile {
  path: string;
  file: Blob;
}

/** Archives of other kinds. */
const OTHER_ARCHIVES = /\.(zst|bz2|xz|lzma|7z|rar)$/i;
const ARCHIVE_NAMES = /\.(zip|argosmodel|tar|tar\.gz|tgz)$/i;
const SINGLE = /\.gz$/i;
/** By themselves: weights of PyTorch are zip archives, too. */
const ZIP_NAMES = /\.(zip|argosmodel)$/i;

/**
 * The files of a model, out of the archives that they come in (.zip, .argosmodel, .tar, .tar.gz) and unpacked (.gz). An archive
 * within an archive stays closed.
 * @throws EngineError model-corrupt, or unsupported-model: an archive that cannot be read here
 */
export async function openFiles(chosen: readonly ChosenFile[]): Promise<ForeignFile[]> {
  const opened: ForeignFile[] = [];
  for (const { path, file } of chosen) {
    if (isClutter(path)) continue;
    opened.push(...(await openFile(path, file, chosen.length === 1)));
  }
  return opened;
}

async function openFile(path: string, file: Blob, alone: boolean): Promise<ForeignFile[]> {
  const entries = await openArchive(path, file, alone);
  if (!entries) return [await unpacked(foreignFile(path, file))];
  const folder = path.replace(ARCHIVE_NAMES, '');
  return Promise.all(entries.map((entry) => unpacked({ ...entry, path: `${folder}/${entry.path}` })));
}

/** What is in an archive; null where the file is none. */
async function openArchive(path: string, file: Blob, alone: boolean): Promise<ForeignFile[] | null> {
  const name = nameOf({ path });
  const head = new Uint8Array(await file.slice(0, TAR_HEAD_BYTES).arrayBuffer());
  if (isZip(head) && (alone || ZIP_NAMES.test(name))) return readZip(name, file);
  const tar = { name, packedBytes: file.size, wanted: (entry: string) => !isClutter(entry) };
  if (isTar(head)) return readTar(file.stream(), tar);
  if (isGzip(head) && isTar(await readStart(gunzipped(file), TAR_HEAD_BYTES))) return readTar(gunzipped(file), tar);
  if (!OTHER_ARCHIVES.test(name)) return null;
  throw new EngineError(
    'unsupported-model',
    `${name.slice(0, 80)} is an archive that cannot be read here. Unpack it yourself and choose the model’s files, or pack them as .zip or .tar.gz.`,
  );
}

/** A file that was packed by itself, unpacked when it is asked for; any other one as it is. */
async function unpacked(file: ForeignFile): Promise<ForeignFile> {
  if (!SINGLE.test(file.path)) return file;
  const packed = await file.bytes();
  if (!isGzip(packed)) return file;
  const path = file.path.replace(SINGLE, '');
  const blob = new Blob([packed]);
  const sizeBytes = await gunzippedBytes(path, blob);
  return { path, sizeBytes, bytes: (most) => readStream(gunzipped(blob), { name: path, sizeBytes, most }) };
}
