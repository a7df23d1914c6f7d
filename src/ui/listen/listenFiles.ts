import { parseSubtitles } from '../../formats/subtitles/parseSubtitles.ts';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { decodeText } from '../translate/textFile.ts';

export const SUBTITLE_FILES = ['.srt', '.vtt'];
/** What a file dialogue offers; whatever else is dropped is tried all the same. */
export const MEDIA_FILES = ['audio/*', 'video/*', '.mkv', '.opus', '.flac', '.m4a'];
/** A day of captions is two megabytes. */
const LARGEST_SUBTITLES = 20 * 2 ** 20;

export const isSubtitleFile = ({ name, type }: File): boolean =>
  /\.(srt|vtt)$/i.test(name) || /^(text\/vtt|application\/x-subrip)\b/.test(type);

export const isVideo = ({ type, name }: { type: string; name: string }): boolean =>
  type.startsWith('video/') || (!type.startsWith('audio/') && /\.(mp4|mkv|mov|webm|m4v|avi)$/i.test(name));

/** A subtitle file's lines. Throws EngineError (bad-input) where it holds none. */
export async function readSubtitles(file: File): Promise<{ lines: TranscriptLine[]; skipped: number }> {
  const bytes = new Uint8Array(await file.slice(0, LARGEST_SUBTITLES).arrayBuffer());
  const { cues, skipped } = parseSubtitles(decodeText(bytes).text);
  return { lines: cues.map((cue) => ({ ...cue, id: crypto.randomUUID() })), skipped };
}
