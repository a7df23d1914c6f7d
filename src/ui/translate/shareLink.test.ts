import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readShared, sharedLink } from './shareLink.ts';

it('brings any text through a link, in the fragment alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      const url = new URL(sharedLink('https://example.org/glossa/?x=1#old', text, 'en', 'pt'));
      expect(url.search).toBe('');
      expect(url.origin + url.pathname).toBe('https://example.org/glossa/');
      expect(readShared(url.hash)).toEqual({ text, from: 'en', to: 'pt' });
    }),
  );
});

it.each([
  ['', null],
  ['#from=en&to=pt', null],
  ['#text=', null],
  ['#text=a+b%26c', { text: 'a b&c', from: null, to: null }],
  ['#text=a&from=pt-BR&to=<script>', { text: 'a', from: 'pt', to: null }],
  ['#text=%E0%A4%A', { text: '\uFFFD%A', from: null, to: null }],
])('reads %j as %j', (fragment, expected) => {
  expect(readShared(fragment)).toEqual(expected);
});
