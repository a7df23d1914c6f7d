/** A file that was given: dropped, picked, pasted or taken. */
export interface ChosenFile {
  file: File;
  /** Its name after the folders it was given with, separated by `/`. */
  path: string;
}

/** What no screen opens and models are made of: archives, weights, vocabularies. */
const MODEL_NAMES = /\.(argosmodel|zip|tar|tgz|tar\.gz|onnx|npz|spm|bin|bin\.gz|spm\.gz)$/i;

/** Whether a file is, or belongs to, a model. */
export const isModelFile = ({ path }: ChosenFile): boolean => MODEL_NAMES.test(path);

/** Files of a dialogue, which knows the folders of those in a folder. */
export const pickedFiles = (files: Iterable<File>): ChosenFile[] =>
  inOrder([...files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));

/**
 * Files of a drop, with those in its folders. The folders have to be asked for before anything is waited for: a drop is gone
 * with its event. A file or folder that cannot be read is left out.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<ChosenFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  if (entries.every((entry) => entry === null)) return pickedFiles(transfer.files);
  const found: ChosenFile[] = [];
  for (const entry of entries) if (entry) await readEntry(entry, found);
  return inOrder(found);
}

async function readEntry(entry: FileSystemEntry, found: ChosenFile[]): Promise<void> {
  try {
    if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      found.push({ file, path: entry.fullPath.replace(/^\//, '') });
    } else if (isFolder(entry)) {
      const reader = entry.createReader();
      // A folder is given in pieces; an empty one is the end.
      for (;;) {
        const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
        if (piece.length === 0) return;
        for (const inner of piece) await readEntry(inner, found);
      }
    }
  } catch {
    // Gone since, or not ours to read.
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** As a file manager sorts them: `2.jpg` before `10.jpg`. */
function inOrder(files: ChosenFile[]): ChosenFile[] {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  return files.sort((a, b) => compare(a.path, b.path));
}
