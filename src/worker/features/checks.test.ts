import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, copied, lostItems, needsNoTranslation } from './checks.ts';
import { findItems } from './items.ts';

describe('findItems', () => {
  it.each([
    [
      'See https://a.org/b?c=1&d=(2). Or www.b.com, or c.io/x!',
      ['url https://a.org/b?c=1&d=(2)', 'url www.b.com', 'url c.io/x'],
    ],
    ['(http://a.org/b) <https://c.d>', ['url http://a.org/b', 'url https://c.d']],
    ['Mail a.b+c@d-e.co.uk.', ['email a.b+c@d-e.co.uk']],
    [
      'Hi {name}, {{ user.id }}, ${x}, #{y}, {n, plural, one {a} other {b}}!',
      [
        'placeholder {name}',
        'placeholder {{ user.id }}',
        'placeholder ${x}',
        'placeholder #{y}',
        'placeholder {n, plural, one {a} other {b}}',
      ],
    ],
    [
      '%s of %d, %1$s, %.2f, %(total)s, %@',
      [
        'placeholder %s',
        'placeholder %d',
        'placeholder %1$s',
        'placeholder %.2f',
        'placeholder %(total)s',
        'placeholder %@',
      ],
    ],
    ['50% discount, 100%, 5 % down', ['number 50', 'number 100', 'number 5']],
    [
      '<b>x</b><br/> <0>y</0> <a href="u">z</a> 1 < 2 > 0',
      [
        'placeholder <b>',
        'placeholder </b>',
        'placeholder <br/>',
        'placeholder <0>',
        'placeholder </0>',
        'placeholder <a href="u">',
        'placeholder </a>',
        'number 1',
        'number 2',
        'number 0',
      ],
    ],
    [
      'a &nbsp; b &#39; AT&T; :smile: 10:30:45 `x = 1` __init__',
      [
        'placeholder &nbsp;',
        'placeholder &#39;',
        'placeholder :smile:',
        'number 10',
        'number 30',
        'number 45',
        'placeholder `x = 1`',
        'placeholder __init__',
      ],
    ],
    ['👩‍👩‍👧‍👦🇵🇹👍🏽❤️1️⃣ © ™', ['emoji 👩‍👩‍👧‍👦', 'emoji 🇵🇹', 'emoji 👍🏽', 'emoji ❤️', 'emoji 1️⃣']],
    [
      '1,234.56 1.234,56 1 234 567 3.5% v2.0.1 2nd ١٢٣',
      [
        'number 1,234.56',
        'number 1.234,56',
        'number 1 234 567',
        'number 3.5',
        'number 2.0.1',
        'number 2',
        'number ١٢٣',
      ],
    ],
  ])('%s', (text, expected) => {
    const items = findItems(text);
    expect(items.map(({ kind, text: found }) => `${kind} ${found}`)).toEqual(expected);
    for (const { text: found, range } of items) expect(text.slice(...range)).toBe(found);
  });

  it('takes hostile text in linear time', () => {
    const start = performance.now();
    for (const unit of ['{', '<a ', '%', ':a', 'a.', '1 234', '@', '{{', '`', '&', '👩‍', '(http://'])
      findItems(unit.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('lostItems', () => {
  const lost = (source: string, target: string): string[] =>
    lostItems(source, target).map(({ code, found }) => `${code} ${found ?? ''}`);

  it.each([
    ['It costs $1,234.56.', 'Custa $1.234,56.'],
    ['1 234 567 people', '1.234.567 pessoas'],
    ['At 10:30 on 12/05/2020', 'Às 10h30 de 12/05/2020'],
    ['At 5 p.m. and 7:15pm', 'Às 17h e às 19h15'],
    ['I have 2 dogs and 3 cats.', 'Tenho dois cães e três gatos.'],
    ['In the 21st century', 'No século XXI'],
    ['On 5/12', 'Em 5 de dezembro'],
    ['the 1990s', 'os anos 90'],
    ['the 2nd time', 'a segunda vez'],
    ['Hi {name} 😀, see https://a.b/c or x@y.zz', 'Oi {name} 😀, veja https://a.b/c ou x@y.zz'],
    ['٣ كتب', '3 books'],
    ['007', '7'],
  ])('finds nothing lost: %s -> %s', (source, target) => {
    expect(lost(source, target)).toEqual([]);
  });

  it.each([
    ['It costs $1,234.56.', 'Custa $1.234,65.', ['lost-number 1,234.56']],
    ['5 and 5', '5 e', ['lost-number 5']],
    ['£3 per month', 'euros por mês', ['lost-number 3']],
    ['Hi {name} and {name}', 'Oi {nome} e {name}', ['lost-placeholder {name}']],
    ['a 😀 b ❤️', 'a b ❤️', ['lost-emoji 😀']],
    ['See https://a.b/c?d#e', 'Veja https://a.b/c?d-e', ['lost-url https://a.b/c?d#e']],
    ['Write to x@y.zz', 'Escreva para x-y.zz', ['lost-email x@y.zz']],
    ['at 5 p.m.', 'às 18h', ['lost-number 5']],
    ['25 pages', 'XXX páginas', ['lost-number 25']],
  ])('%s -> %s', (source, target, expected) => {
    expect(lost(source, target)).toEqual(expected);
  });

  it('says where, and in words', () => {
    expect(lostItems('Hi {name}!', 'Oi!')).toEqual([
      {
        code: 'lost-placeholder',
        message: 'The placeholder {name} of the source is missing in the translation.',
        found: '{name}',
        range: [3, 9],
      },
    ]);
  });

  it('finds nothing lost in a copy of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        expect(lostItems(text, text)).toEqual([]);
      }),
    );
  });
});

describe('needsNoTranslation', () => {
  it.each([
    '',
    ' ',
    '...',
    '12:30 — 14:00',
    '1,234.5 %',
    'https://a.b/c',
    'x@y.zz',
    '😀👍🏽',
    '{name}: %s',
    '<b></b>',
    '`code`',
    '★ ★ ★',
  ])('%j', (text) => {
    expect(needsNoTranslation(text)).toBe(true);
  });
  it.each(['a', '5 km', 'See https://a.b/c', '{count} items', '日', '<b>x</b>'])('not %j', (text) => {
    expect(needsNoTranslation(text)).toBe(false);
  });
});

describe('copied', () => {
  it('warns when a sentence came out as it went in', () => {
    expect(copied('O rato roeu a rolha da garrafa.', 'o rato roeu a rolha da garrafa')).toHaveLength(1);
  });
  it.each([
    ['Angela Merkel', 'Angela Merkel'],
    ['The New York Times Book Review', 'The New York Times Book Review'],
    ['ok super', 'ok super'],
    ['O rato roeu a rolha da garrafa.', 'The mouse gnawed the cork of the bottle.'],
  ])('not: %s -> %s', (source, target) => {
    expect(copied(source, target)).toEqual([]);
  });
});

describe('cleanText', () => {
  it('leaves readable text alone, white space and emoji included', () => {
    const text = ' a\tb\r\nc\v\f\u0085\u2028\u00a0é 👩‍👩‍👧‍👦 日本\u200b\ufeff';
    expect(cleanText(text)).toEqual({ text, warnings: [] });
  });
  it('replaces what is unreadable, at the same places, with one warning', () => {
    const { text, warnings } = cleanText('a\u0000b\ud800c\u{1ffff}d\udc00\ud83d');
    expect(text).toBe('a\ufffdb\ufffdc\ufffd\ufffdd\ufffd\ufffd');
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'unreadable-characters', found: 'U+0000', range: [1, 2] }),
    ]);
    expect(warnings[0]?.message).toContain('5 unreadable');
  });
  it('keeps the length of any text and makes it well formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), (a, b) => {
        const text = `${a}\ud812${b}`;
        const cleaned = cleanText(text).text;
        expect(cleaned).toHaveLength(text.length);
        expect(cleaned.isWellFormed()).toBe(true);
      }),
    );
  });
});
