/** Draws the PNG icons of the web manifest: the app's from public/icon.svg, a shortcut's from the icon of its door. */
import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Icon, type IconName } from '../src/ui/shared/Icon.tsx';
import { CHROMIUM_ARGS, ensureChromium } from './chromium.ts';

const svg = readFileSync('public/icon.svg', 'utf8');
/** A maskable icon fills its square: the system cuts the corners. */
const square = svg.replace(/ rx="\d+"/, '');

/** A line icon on the ground of the app's own. */
function tile(name: IconName): string {
  const icon = renderToStaticMarkup(createElement(Icon, { name, size: 56 }));
  const ground =
    'display: grid; place-content: center; width: 96px; height: 96px; border-radius: 21px; background: #17624f';
  const lines = 'fill: none; stroke: #fffefb; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round';
  return `<style>.icon { ${lines} }</style><div style="${ground}">${icon}</div>`;
}

const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
for (const [name, size, image] of [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['icon-maskable-512.png', 512, square],
  ['shortcut-translate-96.png', 96, tile('translate')],
  ['shortcut-listen-96.png', 96, tile('microphone')],
  ['shortcut-see-96.png', 96, tile('picture')],
] as const) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${image}`);
  await page.screenshot({ path: `public/${name}`, omitBackground: true });
}
await browser.close();
