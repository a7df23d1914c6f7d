import { isSubtitleFile } from '../listen/listenFiles.ts';
import { isPictureFile } from '../see/pictureFiles.ts';
import type { DoorId } from '../shell/screen.ts';
import { isTextFile } from '../translate/textFile.ts';

const MEDIA_NAMES = /\.(mp3|m4a|aac|wav|flac|ogg|oga|opus|weba|webm|mp4|m4v|mov|mkv|avi|3gp)$/i;

const isMediaFile = ({ name, type }: File): boolean => /^(audio|video)\//.test(type) || MEDIA_NAMES.test(name);

/** The door whose screen opens such a file, or null where none does. */
export function doorFor(file: File): DoorId | null {
  if (isSubtitleFile(file) || isMediaFile(file)) return 'listen';
  if (isPictureFile(file)) return 'see';
  return isTextFile(file) ? 'translate' : null;
}
