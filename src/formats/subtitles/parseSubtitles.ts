import { EngineError } from '../../protocol/errors.ts';
import { type Cue, tidyLines } from './cue.ts';

export interface ParsedSubtitles {
  format: 'srt' | 'vtt';
  /** In the order of their times. */
  cues: Cue[];
  /** Cues without text, or that end before they begin: left out. */
  skipped: number;
}

const TIME = String.raw`(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})`;
const TIMING = new RegExp(String.raw`^\s*${TIME}\s*-->\s*${TIME}(?:\s.*)?$`);

/**
 * Reads SubRip (.srt) and WebVTT (.vtt, https://www.w3.org/TR/webvtt1/), and forgives what files in the wild do: missing or
 * wrong numbers, no blank line between cues, blank lines inside SubRip cues, dots for commas, times without hours.
 * Throws `bad-input` where there is no cue at all.
 */
export function parseSubtitles(text: string): ParsedSubtitles {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const format = /^WEBVTT(?:\s|$)/.test(lines[0] ?? '') ? 'vtt' : 'srt';
  const cues: Cue[] = [];
  let skipped = 0;
  let open: { startS: number; endS: number; lines: string[] } | null = null;
  const heading: string[] = [];
  let number = NaN;

  const close = (): void => {
    if (!open) return;
    const { startS, endS } = open;
    const body = tidyLines(format === 'vtt' ? plainVtt(open.lines) : plainSrt(open.lines));
    if (body === '' || endS < startS) skipped++;
    else cues.push({ startS, endS, text: body });
    open = null;
  };

  for (const line of lines) {
    const timing = TIMING.exec(line);
    if (timing) {
      number = dropIdentifier(open?.lines ?? heading, number);
      close();
      open = { startS: seconds(timing, 1), endS: seconds(timing, 5), lines: [] };
    } else (open?.lines ?? heading).push(line);
  }
  close();
  if (cues.length === 0) {
    throw new EngineError('bad-input', 'There is no caption in this file. Is it an SRT or WebVTT file with times?');
  }
  return { format, cues: cues.sort((a, b) => a.startS - b.startS || a.endS - b.endS), skipped };
}

function seconds(match: RegExpExecArray, at: number): number {
  const part = (i: number): number => Number(match[at + i] ?? 0);
  const ms = Number((match[at + 3] ?? '0').padEnd(3, '0'));
  // In whole milliseconds first: a sum of fractions would not be the number that was written.
  return ((part(0) * 3600 + part(1) * 60 + part(2)) * 1000 + ms) / 1000;
}

/** Takes the number or name of the next cue off the lines before its times. Gives the number, to know the one after it. */
function dropIdentifier(lines: string[], number: number): number {
  const last = lines.at(-1) ?? '';
  if (last.trim() === '') return NaN;
  const value = /^\s*\d+\s*$/.test(last) ? Number(last) : NaN;
  const afterBlank = lines.length > 1 && (lines.at(-2) ?? '').trim() === '';
  // Without a blank line before it, a number is the cue's only where it goes on counting: it could be what was said.
  if (afterBlank || (lines.length > 1 && value === number + 1)) lines.pop();
  return value;
}

/** The lines of a SubRip cue without `<i>`, `<font …>` and `{\an8}`. */
function plainSrt(lines: string[]): string {
  return lines
    .join('\n')
    .replace(/<\/?(?:i|b|u|s|font|c|v|ruby|rt|lang)\b[^<>]*>/gi, '')
    .replace(/\{\\[^{}]*\}/g, '');
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00A0',
  lrm: '\u200E',
  rlm: '\u200F',
};

/** A WebVTT cue ends with its first blank line: what comes after is a note, a style or the name of the next. */
function plainVtt(lines: string[]): string {
  const end = lines.findIndex((line) => line.trim() === '');
  return lines
    .slice(0, end === -1 ? undefined : end)
    .join('\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
