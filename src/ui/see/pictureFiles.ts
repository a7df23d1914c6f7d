import type { ChosenFile } from '../shared/chosenFiles.ts';

/** What a file dialogue offers; whatever else is dropped is judged by its name. */
export const PICTURE_FILES = ['image/*', '.heic', '.heif', '.avif', '.svg'];
const NAMES = /\.(jpe?g|jfif|png|webp|avif|gif|svg|bmp|ico|heic|heif|tiff?)$/i;

/** Browsers do not know the type of every picture; what begins with a point is hidden, and the system's own. */
export const isPictureFile = ({ name, type }: File): boolean =>
  !name.startsWith('.') && (type.startsWith('image/') || NAMES.test(name));

/** What pictures are called together: their folder, where all came in one. */
export function folderOf(files: readonly ChosenFile[]): string | null {
  const folders = new Set(files.map(({ path }) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')));
  const [folder = ''] = folders;
  return folders.size === 1 && folder !== '' ? folder : null;
}
