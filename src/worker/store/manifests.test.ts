import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noise, manifest, part } from './fixtures/fakeWeb.ts';
import { parseManifest } from './manifests.ts';

const good = manifest('en-pt', [(await part('weights', noise(10))).part]);

describe('parseManifest', () => {
  it('reads a manifest', () => expect(parseManifest(JSON.stringify(good))).toEqual(good));

  it('quotes of a wrong one only as much as can be read', () => {
    const wrong = { ...good, licence: null, name: 'a'.repeat(100_000) };
    expect(() => parseManifest(JSON.stringify(wrong))).toThrow(/^.{40,500}$/s);
  });

  it.each([1.5, -1, 1e300])('does not take %d for the id of a token', (eosId) => {
    const wrong = { ...good, architecture: { ...good.architecture, eosId } };
    expect(() => parseManifest(JSON.stringify(wrong))).toThrow(/eosId/);
  });

  it.each(['1e999', '0', '-1'])('does not divide colours by %s', (deviation) => {
    const text = readFileSync(new URL('../../../models/caption/manifest.json', import.meta.url), 'utf8');
    expect(parseManifest(text).kind).toBe('captioning');
    const wrong = text.replace(/("deviation": \[\s*)[\d.]+/, `$1${deviation}`);
    expect(wrong).not.toBe(text);
    expect(() => parseManifest(wrong)).toThrow(/deviation/);
  });
});
