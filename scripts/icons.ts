/** Draws the PNG icons of the web manifest from public/icon.svg. */
import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { CHROMIUM_ARGS, ensureChromium } from './chromium.ts';

const svg = readFileSync('public/icon.svg', 'utf8');
/** A maskable icon fills its square: the system cuts the corners. */
const square = svg.replace(/ rx="\d+"/, '');

const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
for (const [name, size, image] of [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['icon-maskable-512.png', 512, square],
] as const) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${image}`);
  await page.screenshot({ path: `public/${name}`, omitBackground: true });
}
await browser.close();
