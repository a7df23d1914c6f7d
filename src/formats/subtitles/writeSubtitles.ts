import { type Cue, tidyLines } from './cue.ts';

/** SubRip: numbered cues with commas in their times. Cues without text are left out. */
export function writeSrt(cues: readonly Cue[]): string {
  return written(cues)
    .map(({ startS, endS, text }, i) => `${i + 1}\n${clock(startS, ',')} --> ${clock(endS, ',')}\n${text}\n`)
    .join('\n');
}

/**
 * WebVTT (https://www.w3.org/TR/webvtt1/), with `&`, `<` and `>` escaped, and the language of cues that have their own as `<lang>`.
 * Cues without text are left out.
 */
export function writeVtt(cues: readonly Cue[]): string {
  const escaped = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const blocks = written(cues).map(
    ({ startS, endS, text, language }) =>
      `${clock(startS, '.')} --> ${clock(endS, '.')}\n${language === undefined ? escaped(text) : `<lang ${language}>${escaped(text)}</lang>`}\n`,
  );
  return ['WEBVTT\n', ...blocks].join('\n');
}

const written = (cues: readonly Cue[]): Cue[] =>
  cues.map((cue) => ({ ...cue, text: tidyLines(cue.text) })).filter(({ text }) => text !== '');

/** `00:01:02,345` */
function clock(timeS: number, point: ',' | '.'): string {
  const ms = Math.round(Math.max(0, timeS) * 1000);
  const digits = (value: number, length: number): string => String(Math.floor(value)).padStart(length, '0');
  return (
    `${digits(ms / 3_600_000, 2)}:${digits((ms / 60_000) % 60, 2)}:${digits((ms / 1000) % 60, 2)}` +
    `${point}${digits(ms % 1000, 3)}`
  );
}
