import { expect, it } from 'vitest';
import type { CatalogueEntry } from '../../../protocol/catalogue.ts';
import { entryName, searchEntries } from './searchEntries.ts';

const entry = (from: string, to: string, over: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  source: 'mozilla',
  id: `mozilla-${from}-${to}`,
  name: `${from} → ${to}`,
  kind: 'translation',
  from: [from],
  to: [to],
  page: 'https://example.test/',
  files: [],
  ...over,
});

const all = [
  entry('en', 'pt', { variant: 'tiny' }),
  entry('de', 'en'),
  entry('en', 'de'),
  entry('en', 'de', { source: 'hub', name: 'Xenova/whisper-base', kind: 'speech', from: ['en', 'de'], to: [] }),
];
const found = (query: string, locale = 'en') => searchEntries(all, query, locale).map((each) => entryName(each, locale));

it('finds by language, by code and by name, in the reader’s language', () => {
  expect(found('')).toEqual([
    'English → German',
    'English → Portuguese, tiny',
    'German → English',
    'Xenova/whisper-base',
  ]);
  expect(found('german english')).toEqual(['English → German', 'German → English']);
  expect(found('  TINY ')).toEqual(['English → Portuguese, tiny']);
  expect(found('inglês português', 'pt')).toEqual(['Inglês → Português, tiny']);
  expect(found('whisper')).toEqual(['Xenova/whisper-base']);
  expect(found('klingon')).toEqual([]);
});
