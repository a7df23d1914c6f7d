import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OUTSIDE_ADDRESSES } from '../protocol/hosts.ts';
import { HEADERS, LIBRARY_STYLES, withHeaders } from './headers.ts';

it('gives a response the headers and keeps the rest of it', async () => {
  const secured = withHeaders(
    new Response('body', { status: 404, statusText: 'Not here', headers: { 'Content-Type': 'text/plain', ETag: 'x' } }),
  );
  for (const [name, value] of Object.entries(HEADERS)) expect(secured.headers.get(name)).toBe(value);
  expect(secured.headers.get('ETag')).toBe('x');
  expect([secured.status, secured.statusText, await secured.text()]).toEqual([404, 'Not here', 'body']);
});

it('leaves alone what cannot be rebuilt, and rebuilds what has no body', () => {
  const failed = Response.error();
  expect(withHeaders(failed)).toBe(failed);
  const unchanged = withHeaders(new Response(null, { status: 304 }));
  expect([unchanged.status, unchanged.body]).toEqual([304, null]);
});

it('lets nothing run that is not ours', () => {
  const policy = HEADERS['Content-Security-Policy'] ?? '';
  const connect = /connect-src ([^;]*);/.exec(policy)?.[1]?.split(' ');
  expect(connect).toEqual(["'self'", ...OUTSIDE_ADDRESSES]);
  expect(policy.replace(/connect-src [^;]*;/, '')).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  // Addresses of hosts where anybody may keep things are named down to the folder.
  for (const address of OUTSIDE_ADDRESSES)
    expect(address).toMatch(/^https:\/\/[^/]+\/.*\/$|^https:\/\/[^/]*(huggingface|hf)\.co\/$/);
  expect(policy).toContain("require-trusted-types-for 'script'");
  // Some hosts take no header longer than this.
  for (const value of Object.values(HEADERS)) expect(value.length).toBeLessThan(2000);
});

it('allows the style elements of React Aria by their text', () => {
  const hashes = ['interactions/usePress', 'overlays/usePreventScroll'].map((file) => {
    const source = readFileSync(
      new URL(`../../node_modules/react-aria/dist/private/${file}.mjs`, import.meta.url),
      'utf8',
    );
    const text = /style\.textContent = `([^`]*)`\.trim\(\)/.exec(source)?.[1] ?? '';
    const written = text.replace(/\$\{[^}]*PRESSABLE_ATTRIBUTE\}/, 'data-react-aria-pressable').trim();
    return `'sha256-${createHash('sha256').update(written).digest('base64')}'`;
  });
  expect(hashes).toEqual(LIBRARY_STYLES);
});
