import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCsv, guardCell } from '../csv.ts';
import { contactSheet } from './contactSheet.ts';
import { escapeHtml, htmlImage, markdownImage } from './imageTags.ts';

describe('an image tag', () => {
  it('has the text, the address and the size', () => {
    expect(htmlImage({ path: 'cats/my cat.jpg', alt: 'A cat.', size: { width: 640, height: 480 } })).toBe(
      '<img src="cats/my%20cat.jpg" alt="A cat." width="640" height="480">',
    );
    expect(htmlImage({ path: 'line.png', alt: '' })).toBe('<img src="line.png" alt="">');
  });

  it('lets nothing out of its quotes', () => {
    expect(htmlImage({ path: '"><script>.jpg', alt: `5" < 6' & "x"\nand on` })).toBe(
      '<img src="%22%3E%3Cscript%3E.jpg" alt="5&quot; &lt; 6&#39; &amp; &quot;x&quot; and on">',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (path, alt) => {
        expect(escapeHtml(alt)).not.toMatch(/[<>"']/);
        expect(htmlImage({ path, alt })).toMatch(/^<img src="[^"<>]*" alt="[^"<>]*">$/);
      }),
    );
  });
});

it('Markdown keeps brackets, stars and parentheses as they are written', () => {
  expect(markdownImage({ path: 'a (1).jpg', alt: 'A [big] *star* \\ sign' })).toBe(
    '![A \\[big\\] \\*star\\* \\\\ sign](a%20%281%29.jpg)',
  );
});

describe('CSV', () => {
  it('quotes what has to be quoted', () => {
    expect(
      formatCsv([
        ['file', 'alt'],
        ['a,b.jpg', 'He said "hi"\nand left'],
      ]),
    ).toBe('file,alt\r\n"a,b.jpg","He said ""hi""\nand left"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('is no formula: %j', (cell) => {
    expect(guardCell(cell)).toBe(`'${cell}`);
  });

  it('leaves other cells alone', () => {
    expect(guardCell('A cat = a pet')).toBe('A cat = a pet');
  });
});

it('a contact sheet holds its pictures, and file names cannot break out', () => {
  const sheet = contactSheet({
    title: 'Holiday <1>',
    language: 'en',
    textLanguage: 'en',
    translationLanguage: 'pt',
    pictures: [
      {
        path: '<img src=x onerror=alert(1)>.jpg',
        alt: 'A cat & a dog.',
        size: { width: 3, height: 2 },
        thumbnail: 'data:image/webp;base64,AAAA',
        translation: 'Um gato e um cão.',
        notes: ['Not sure'],
      },
      { path: 'line.png', alt: '', thumbnail: '', notes: ['For show only'] },
    ],
  });
  expect(sheet).toContain('<title>Holiday &lt;1&gt;</title>');
  expect(sheet).toContain('<img src="data:image/webp;base64,AAAA" alt="A cat &amp; a dog.">');
  expect(sheet).toContain('<p class="alt" lang="pt">Um gato e um cão.</p>');
  expect(sheet).toContain('&lt;img src=x onerror=alert(1)&gt;.jpg · 3 × 2 · Not sure');
  expect(sheet.match(/<img /g)).toHaveLength(1);
  expect(sheet).toContain("default-src 'none'");
});
