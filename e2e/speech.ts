import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countWordErrors, errorsOf } from '../bench/metrics/wer.ts';

/** What is said in the recordings, without punctuation. */
export const BECKETT = 'ever tried ever failed no matter try again fail again fail better';
export const TWO_CITIES =
  'it was the best of times it was the worst of times it was the age of wisdom it was the age of foolishness ' +
  'it was the epoch of belief it was the epoch of incredulity it was the season of light it was the season of darkness ' +
  'it was the spring of hope it was the winter of despair we had everything before us we had nothing before us ' +
  'we were all going direct to heaven we were all going direct the other way in short the period was so far like the ' +
  'present period that some of its noisiest authorities insisted on its being received for good or for evil in the ' +
  'superlative degree of comparison only';

export function recordingPath(file: 'beckett.wav' | 'two_cities.flac'): string {
  return fileURLToPath(new URL(`./audio/${file}`, import.meta.url));
}

/** Makes `recording()` in the page give a recording as a Blob. */
export async function giveRecording(page: Page, file: 'beckett.wav' | 'two_cities.flac'): Promise<void> {
  const data = readFileSync(recordingPath(file)).toString('base64');
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    globalThis.recording = () => new Blob([bytes]);
  }, data);
}

declare global {
  function recording(): Blob;
}

/** Words as they are compared. */
function plain(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/we're/g, 'we were')
    .match(/[a-z']+/g);
  return (words ?? []).join(' ');
}

/** How many words have to be changed, added or removed to make one text of the other. */
export function wordErrors(found: string, wanted: string): number {
  return errorsOf(countWordErrors(plain(found), plain(wanted)));
}
