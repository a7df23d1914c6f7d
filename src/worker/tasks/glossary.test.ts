import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseSentencePiece } from '../../formats/sentencepiece.ts';
import { substituteFor } from '../features/substitutes.ts';
import { createTokeniser } from '../features/tokeniser.ts';
import { LETTER_FIRST, LETTER_LAST, STARTS_WORD } from '../seq2seq/steering.ts';
import { Glossary, pieceKinds, respelled, steeredTerms } from './glossary.ts';

const vocabulary = gunzipSync(readFileSync(new URL('../../../models/en-pt/vocab.spm.gz', import.meta.url)));
const tokeniser = createTokeniser(parseSentencePiece(vocabulary));

function found(pairs: [string, string][], sentence: string): [string, string][] {
  return new Glossary(pairs).find(sentence).map(({ range, target }) => [sentence.slice(...range), target]);
}

describe('Glossary', () => {
  it.each<[string, [string, string][], string, [string, string][]]>([
    [
      'whole words only',
      [['file', 'ficheiro']],
      'Profile the file, file-system and files.',
      [
        ['file', 'ficheiro'],
        ['file', 'ficheiro'],
      ],
    ],
    [
      'whatever the case',
      [['file', 'ficheiro']],
      'File or FILE?',
      [
        ['File', 'ficheiro'],
        ['FILE', 'ficheiro'],
      ],
    ],
    [
      'the longest term first',
      [
        ['drive', 'unidade'],
        ['hard drive', 'disco rígido'],
      ],
      'A hard drive is a drive.',
      [
        ['hard drive', 'disco rígido'],
        ['drive', 'unidade'],
      ],
    ],
    ['across a line break', [['hard  drive', 'disco rígido']], 'A hard\n drive.', [['hard\n drive', 'disco rígido']]],
    [
      'terms with symbols',
      [
        ['C++', 'Cê-mais-mais'],
        ['a.b', 'x'],
      ],
      'Write C++, not C or aab.',
      [['C++', 'Cê-mais-mais']],
    ],
    [
      'accents and other scripts',
      [
        ['ação', 'take'],
        ['日本', 'Japan'],
      ],
      'A ação e a reação; 日本',
      [
        ['ação', 'take'],
        ['日本', 'Japan'],
      ],
    ],
    [
      'nothing for empty entries',
      [
        ['', 'x'],
        [' ', 'y'],
        ['a', ' '],
      ],
      'a b',
      [],
    ],
  ])('finds %s', (_, pairs, sentence, expected) => {
    expect(found(pairs, sentence)).toEqual(expected);
  });

  it('spells a term as its place asks', () => {
    const spelt = (sentence: string, target = 'ficheiro') =>
      new Glossary([['file', target]])
        .find(sentence)
        .map(({ spellings, initialSpellings }) => [spellings, initialSpellings]);
    expect(spelt('a file')).toEqual([[['ficheiro'], ['Ficheiro']]]);
    expect(spelt('File it')).toEqual([[['ficheiro', 'Ficheiro'], []]]);
    expect(spelt('A FILE')).toEqual([[['FICHEIRO'], []]]);
    expect(spelt('a file', 'Ficheiro')).toEqual([[['Ficheiro'], []]]);
  });
});

describe('steeredTerms', () => {
  it('gives the tokens that a term covers, and how to write it after a space and after a bracket', () => {
    const sentence = 'The hard drive (disk) failed.';
    const { ids, ranges } = tokeniser.encode(sentence);
    const [drive, disk] = steeredTerms(
      new Glossary([
        ['hard drive', 'disco rígido'],
        ['disk', 'disco'],
      ]).find(sentence),
      ranges,
      tokeniser,
    );
    const covered = (span: readonly [number, number] | undefined) =>
      tokeniser.decode(ids.slice(...(span ?? [0, 0]))).text.trim();
    expect(covered(drive?.span)).toBe('hard drive');
    expect(covered(disk?.span)).toContain('disk');
    const written = drive?.forms.map((form) => Array.from(form, (id) => tokeniser.piece(id)).join(''));
    expect(written).toEqual(['\u2581disco\u2581rígido', 'disco\u2581rígido']);
    expect(drive?.initialForms?.map((form) => tokeniser.decode(form).text)).toEqual(['Disco rígido']);
  });
});

describe('respelled', () => {
  it('puts back the letters of a term that the vocabulary lacks', () => {
    const tokens = createTokeniser(parseSentencePiece(vocabulary), { substitute: substituteFor });
    const term = tokens.encode('Łódź').ids;
    const plain = tokens.decode(term).text;
    const { ids } = tokens.encode(`Nasceu em ${plain} e vive lá.`);
    const { text, ranges } = tokens.decode(ids);
    const from = ids.findIndex((_, i) => term.every((id, j) => ids[i + j] === id));
    const wanted = [{ range: [0, 1] as [number, number], target: 'Łódź', spellings: ['Łódź'], initialSpellings: [] }];
    expect(plain).not.toBe('Łódź');
    const edits = respelled([{ term: 0, from, to: from + term.length }], wanted, text, ranges, tokens);
    expect(edits.map((edit) => [text.slice(...edit.range), edit.text])).toEqual([[plain, 'Łódź']]);
    expect(respelled([], wanted, text, ranges, tokens)).toEqual([]);
  });
});

describe('pieceKinds', () => {
  it('tells how pieces join', () => {
    const kinds = pieceKinds(tokeniser);
    const [the, , comma] = tokeniser.encode('the, cat').ids.length ? tokeniser.encode('the cat,').ids : [];
    expect(kinds[the ?? 0]).toBe(STARTS_WORD | LETTER_FIRST | LETTER_LAST);
    expect(kinds[comma ?? 0]).toBe(0);
    const [, suffix] = tokeniser.encode('ficheiroz').ids.slice(-2);
    expect((kinds[suffix ?? 0] ?? 0) & STARTS_WORD).toBe(0);
    expect((kinds[suffix ?? 0] ?? 0) & LETTER_LAST).toBe(LETTER_LAST);
  });
});
