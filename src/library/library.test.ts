import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { database, type HistoryEntry } from './database.ts';
import { keepDraft, readDraft } from './draft.ts';
import { deleteLibrary, exportLibrary } from './everything.ts';
import { deleteTerm, keepTerms, listTerms } from './glossary.ts';
import { formatGlossary, parseGlossary } from './glossaryFile.ts';
import { clearHistory, deleteFromHistory, keepInHistory, listHistory, searchHistory } from './history.ts';
import { DEFAULT_SETTINGS, keepSettings, readSettings } from './settings.ts';

const entry = (id: string, at: number, source = 'a', target = 'b'): HistoryEntry => ({
  id,
  at,
  from: 'en',
  to: 'pt',
  source,
  target,
});

beforeEach(deleteLibrary);

describe('history', () => {
  it('lists newest first, replaces by id, deletes one or all', async () => {
    await keepInHistory(entry('1', 1));
    await keepInHistory(entry('2', 2));
    await keepInHistory(entry('1', 3, 'changed'));
    expect((await listHistory()).map(({ id, source }) => [id, source])).toEqual([
      ['1', 'changed'],
      ['2', 'a'],
    ]);
    await deleteFromHistory('1');
    expect((await listHistory()).map(({ id }) => id)).toEqual(['2']);
    await clearHistory();
    expect(await listHistory()).toEqual([]);
  });

  it('lets the oldest go beyond a thousand', async () => {
    const tx = (await database()).transaction('history', 'readwrite');
    for (let i = 0; i < 1000; i++) void tx.store.put(entry(String(i), i));
    await tx.done;
    await keepInHistory(entry('new', 5000));
    const ids = (await listHistory()).map(({ id }) => id);
    expect(ids).toHaveLength(1000);
    expect(ids[0]).toBe('new');
    expect(ids).not.toContain('0');
  });

  it('is searched by words, without case or accents', () => {
    const entries = [entry('1', 1, 'The old house', 'A casa velha'), entry('2', 2, 'See you', 'Até amanhã')];
    const found = (query: string): string[] => searchHistory(entries, query).map(({ id }) => id);
    expect(found('HOUSE velha')).toEqual(['1']);
    expect(found('amanha')).toEqual(['2']);
    expect(found(' ')).toEqual(['1', '2']);
    expect(found('nowhere')).toEqual([]);
  });
});

describe('draft and settings', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('come back as they were left', async () => {
    const draft = { source: 'x', from: 'auto', to: 'pt', picks: { x: { text: 'y', score: -1, alignment: [] } } };
    await keepDraft(draft);
    expect(await readDraft()).toEqual(draft);
    const settings = { ...DEFAULT_SETTINGS, theme: 'dark', beams: 4 } as const;
    await keepSettings(settings);
    expect(await readSettings()).toEqual(settings);
  });

  it('belong to a tab each; a new tab opens the last, and the oldest go', async () => {
    const draft = (source: string) => ({ source, from: 'auto', to: 'pt', picks: {} });
    const open = (tab: string): void => {
      vi.stubGlobal('sessionStorage', { getItem: () => tab });
    };
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const [at, tab] of ['one', 'two', 'three'].entries()) {
      vi.setSystemTime(at);
      open(tab);
      await keepDraft(draft(tab));
    }
    open('one');
    expect((await readDraft())?.source).toBe('one');
    open('new');
    expect((await readDraft())?.source).toBe('three');
    for (let at = 3; at < 10; at++) {
      vi.setSystemTime(at);
      open(String(at));
      await keepDraft(draft(String(at)));
    }
    expect((await (await database()).getAllKeys('values')).length).toBe(8);
    open('one');
    expect((await readDraft())?.source).toBe('9');
  });

  it('fall back where something else was written', async () => {
    const db = await database();
    await db.put('values', { draft: { source: 1 }, at: 1 }, 'draft/another');
    await db.put('values', { theme: 'pink', provider: 'wasm', beams: 3 }, 'settings');
    expect(await readDraft()).toBeNull();
    expect(await readSettings()).toEqual({ ...DEFAULT_SETTINGS, provider: 'wasm' });
  });
});

describe('glossary', () => {
  const term = (id: string, source: string): Parameters<typeof keepTerms>[0][number] => ({
    id,
    from: 'en',
    to: 'pt',
    source,
    target: 't',
  });

  it('keeps terms in order and deletes them', async () => {
    await keepTerms([term('1', 'b'), term('2', 'a')]);
    expect((await listTerms()).map(({ source }) => source)).toEqual(['a', 'b']);
    await deleteTerm('1');
    expect((await listTerms()).map(({ id }) => id)).toEqual(['2']);
  });

  it.each([
    ['CSV', 'court,tribunal\r\n"a, b","say ""so"""\n', ['court=tribunal', 'a, b=say "so"'], 0],
    ['TSV', '\uFEFFcourt\ttribunal\nyard, small\tpátio', ['court=tribunal', 'yard, small=pátio'], 0],
    ['semicolons', 'court;tribunal\n', ['court=tribunal'], 0],
    ['holes', 'court\n,x\n\n"unclosed', [], 3],
  ])('reads %s', (_, text, expected, skipped) => {
    const parsed = parseGlossary(text);
    expect(parsed.rows.map(({ source, target }) => `${source}=${target}`)).toEqual(expected);
    expect(parsed.skipped).toBe(skipped);
  });

  it.each(['a\tb', 'a;b', 'say "a\tb"', 'a\nb\tc'])(
    'does not take what is in a quoted cell for its separator: %j',
    (source) => {
      const rows = [{ source, target: 'x' }];
      expect(parseGlossary(formatGlossary(rows))).toEqual({ rows, skipped: 0 });
    },
  );

  it('reads back what it wrote', () => {
    const cell = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && !text.startsWith('\uFEFF'));
    fc.assert(
      fc.property(fc.array(fc.record({ source: cell, target: cell })), (rows) => {
        expect(parseGlossary(formatGlossary(rows))).toEqual({ rows, skipped: 0 });
      }),
    );
  });
});

it('exports all and deletes all', async () => {
  await keepInHistory(entry('1', 1));
  await keepTerms([{ id: '1', from: 'en', to: 'pt', source: 'a', target: 'b' }]);
  await keepSettings({ ...DEFAULT_SETTINGS, theme: 'dark' });
  expect(await exportLibrary()).toMatchObject({
    history: [{ id: '1' }],
    glossary: [{ id: '1' }],
    settings: { theme: 'dark' },
  });
  await deleteLibrary();
  expect(await exportLibrary()).toMatchObject({ history: [], glossary: [], draft: null, settings: null });
});
