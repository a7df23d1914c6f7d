import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../../library/pictureTypes.ts';
import { seen } from '../fakeGlossa.fixture.ts';
import { asSentence, pairWords, trustIn } from './captionText.ts';
import { findDuplicates } from './duplicates.ts';
import { type AlbumExport, exportText } from './exportAlbum.ts';
import { heatMap } from './heat.ts';
import { countFilters, sortPictures } from './pictureFilters.ts';
import { folderOf, isPictureFile } from './pictureFiles.ts';
import { differenceHash } from './thumbnail.ts';

const picture = (id: string, more: Partial<Picture> = {}): Picture => ({
  id,
  number: 0,
  path: `${id}.jpg`,
  type: 'image/jpeg',
  bytes: 1,
  modifiedAt: 1,
  state: 'done',
  text: '',
  decorative: false,
  reviewed: false,
  translation: '',
  translatedFrom: null,
  ...more,
});

describe('a caption', () => {
  it.each([
    ['a cat on a table', 'A cat on a table.'],
    ['A cat.', 'A cat.'],
    ['  ', ''],
    ['is it a cat?', 'Is it a cat?'],
  ])('%j becomes the sentence %j', (text, sentence) => {
    expect(asSentence(text)).toBe(sentence);
    expect(asSentence(sentence)).toBe(sentence);
  });

  it('is sure, fairly sure, or not', () => {
    expect(trustIn({ unsure: false, confidence: 0.9 })).toBe('sure');
    expect(trustIn({ unsure: false, confidence: 0.5 })).toBe('fair');
    expect(trustIn({ unsure: true, confidence: 0.9 })).toBe('unsure');
  });

  it('keeps the words that an edit left', () => {
    const { words } = seen({ text: 'a brown cat sits on a table' });
    const paired = pairWords('A ginger cat sits on the big table.', words).filter(({ from }) => from);
    expect(paired.map(({ text }) => text)).toEqual(['A', 'cat', 'sits', 'on', 'table']);
    expect(paired.map(({ from }) => words.indexOf(from!))).toEqual([0, 2, 3, 4, 6]);
  });

  it('loses no letter when it is cut into words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { words } = seen();
        expect(
          pairWords(text, words)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('a heat map', () => {
  const at = (heat: Float32Array, x: number, y: number, width: number): number => heat[y * width + x]!;

  it('is brightest where the model looked, and dark far from there', () => {
    const attention = new Float32Array(16);
    attention[5] = 1;
    const heat = heatMap(attention, [4, 4], 64, 48);
    expect(heat).toHaveLength(64 * 48);
    expect(Math.max(...heat)).toBeCloseTo(1);
    // The middle of row 1, column 1.
    expect(at(heat, 24, 18, 64)).toBeGreaterThan(0.99);
    expect(at(heat, 63, 47, 64)).toBe(0);
    expect(at(heat, 40, 18, 64)).toBeGreaterThan(at(heat, 48, 18, 64));
  });

  it('is bright all over where the model looked at everything', () => {
    const heat = heatMap(new Float32Array(15).fill(1 / 15), [3, 5], 20, 12);
    for (const value of heat) expect(value).toBeCloseTo(1);
  });

  it('is between 0 and 1 for any attention', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }), (weights) => {
        for (const value of heatMap(Float32Array.from(weights), [3, 4], 9, 7)) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1.000001);
        }
      }),
    );
  });
});

describe('duplicates', () => {
  const size = { width: 640, height: 480 };
  const cells = (shift: number): number[] => Array.from({ length: 72 }, (_, i) => ((i * 37 + shift) % 101) * 2);

  it('are the same bytes, or look alike', () => {
    const look = differenceHash(cells(0))!;
    const nearly = differenceHash(cells(0).map((value, i) => (i === 20 ? 255 - value : value)))!;
    const found = findDuplicates([
      picture('a', { sha256: '1', look, size }),
      picture('b', { sha256: '1', look, size }),
      picture('c', { sha256: '2', look: nearly, size: { width: 320, height: 240 } }),
      picture('wide', { sha256: '3', look, size: { width: 640, height: 200 } }),
      picture('other', { sha256: '4', look: differenceHash(cells(0).reverse())!, size }),
      picture('unknown'),
    ]);
    expect([...found].map(([id, { of, exact }]) => [id, of.id, exact])).toEqual([
      ['b', 'a', true],
      ['c', 'a', false],
    ]);
  });

  it('are not seen in pictures with nothing in them', () => {
    expect(differenceHash(new Array<number>(72).fill(250))).toBeNull();
    expect(differenceHash(cells(0))).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('an album', () => {
  const unsure = seen({ unsure: true });
  const pictures = [
    picture('sure', { number: 0, text: 'A brown cat sits on a table.', caption: seen() }),
    picture('doubt', { number: 1, text: asSentence(unsure.text), caption: unsure }),
    picture('read', { number: 2, text: asSentence(unsure.text), caption: unsure, reviewed: true }),
    picture('long', { number: 3, text: 'x'.repeat(126), caption: unsure }),
    picture('line', { number: 4, text: 'A line.', caption: unsure, decorative: true }),
    picture('10', { number: 5, state: 'failed', failure: { code: 'bad-input', message: 'Broken.' } }),
    picture('9', { number: 6, state: 'waiting' }),
  ];

  it('says what there is to do', () => {
    const counts = countFilters(pictures, { duplicates: new Map(), missing: new Set(['9']) });
    expect(counts).toMatchObject({ all: 7, review: 1, long: 1, failed: 1, missing: 1, decorative: 1, edited: 2 });
  });

  it('shows the doubtful first, and numbers in their order', () => {
    expect(sortPictures(pictures, 'doubt').map(({ id }) => id)).toEqual([
      'doubt',
      'read',
      'long',
      'line',
      'sure',
      '10',
      '9',
    ]);
    expect(
      sortPictures(pictures, 'name')
        .slice(0, 2)
        .map(({ id }) => id),
    ).toEqual(['9', '10']);
  });

  it('is written as CSV, HTML, Markdown and JSON', () => {
    const album: AlbumExport = {
      record: { id: 'a', title: 'Trip: 1/2', at: 0, count: 3, waiting: 0, to: 'pt', preview: '', cover: null },
      pictures: [
        picture('a', {
          path: 'b/=1+1.jpg',
          text: 'A "cat", here.',
          translation: 'Um gato.',
          caption: seen(),
          size: { width: 4, height: 3 },
        }),
        picture('line', { decorative: true, text: 'A line.', caption: unsure }),
        picture('bad', { state: 'failed', failure: { code: 'bad-input', message: 'Broken.' } }),
      ],
      duplicates: new Map(),
      text: 'original',
      thumbnail: () => null,
      notes: () => [],
      locale: 'en',
    };
    const csv = exportText(album, 'csv');
    expect(csv.name).toBe('Trip 1 2.csv');
    expect(csv.content.charCodeAt(0)).toBe(0xfeff);
    const rows = csv.content.slice(1).split('\r\n');
    expect(rows[0]).toMatch(/^file,alt,alt_pt,decorative,/);
    expect(rows[1]).toBe('b/=1+1.jpg,"A ""cat"", here.",Um gato.,no,0.85,no,no,yes,14,4,3,,');
    expect(rows[2]).toMatch(/^line\.jpg,,,yes,0\.20,yes,/);
    expect(rows[3]).toMatch(/^bad\.jpg,.*,Broken\.$/);

    expect(exportText(album, 'html').content).toBe(
      '<img src="b/%3D1%2B1.jpg" alt="A &quot;cat&quot;, here." width="4" height="3">\n<img src="line.jpg" alt="">\n',
    );
    expect(exportText({ ...album, text: 'translation' }, 'markdown').content).toContain('![Um gato.](b/%3D1%2B1.jpg)');
    const data: unknown = JSON.parse(exportText(album, 'json').content);
    expect(data).toMatchObject({
      format: 'glossa-alt-text',
      translatedInto: 'pt',
      pictures: [
        {
          file: 'b/=1+1.jpg',
          alt: 'A "cat", here.',
          translation: 'Um gato.',
          edited: true,
          caption: { unsure: false },
        },
        { alt: '', decorative: true, caption: { unsure: true } },
        { error: { code: 'bad-input' } },
      ],
    });
  });
});

it('knows pictures by type or name, and passes over what systems hide', () => {
  const names = ['a.jpg', 'b.HEIC', 'Thumbs.db', '._a.jpg', 'c.svg', 'notes.txt'];
  expect(names.filter((name) => isPictureFile(new File([], name)))).toEqual(['a.jpg', 'b.HEIC', 'c.svg']);
  expect(isPictureFile(new File([], 'pasted', { type: 'image/png' }))).toBe(true);
});

it('calls an album after the folder it came in', () => {
  const files = (...paths: string[]) => paths.map((path) => ({ path, file: new File([], 'x') }));
  expect(folderOf(files('trip/a.jpg', 'trip/day 2/b.jpg'))).toBe('trip');
  expect(folderOf(files('trip/a.jpg', 'home/b.jpg'))).toBeNull();
  expect(folderOf(files('a.jpg', 'b.jpg'))).toBeNull();
});
