import { expect, it } from 'vitest';
import { outputName, readTextFile } from './textFile.ts';

const file = (name: string, ...bytes: number[]): File => new File([new Uint8Array(bytes)], name);

it.each([
  ['utf-8', file('a.txt', 0x63, 0xc3, 0xa3, 0x6f), 'cão', 'utf-8'],
  ['utf-8 with a mark', file('a.md', 0xef, 0xbb, 0xbf, 0x61), 'a', 'utf-8'],
  ['utf-16le', file('a.txt', 0xff, 0xfe, 0xe3, 0x00), 'ã', 'utf-16le'],
  ['utf-16be', file('a.TXT', 0xfe, 0xff, 0x00, 0xe3), 'ã', 'utf-16be'],
  ['windows-1252', file('a.txt', 0x63, 0xe3, 0x6f), 'cão', 'windows-1252'],
])('reads %s', async (_, given, text, encoding) => {
  expect(await readTextFile(given)).toEqual({ ok: true, name: given.name, text, encoding });
});

it.each([
  ['kind', file('a.pdf', 0x61)],
  ['kind', file('txt', 0x61)],
  ['binary', file('a.txt', 0x61, 0x00, 0x62)],
  ['empty', file('a.txt', 0x20, 0x0a)],
  ['size', new File([new Uint8Array(20 * 2 ** 20 + 1)], 'a.txt')],
])('refuses for its %s', async (reason, given) => {
  expect(await readTextFile(given)).toEqual({ ok: false, name: given.name, reason });
});

it('names the output after the input', () => {
  expect(outputName('my.notes.md', 'pt')).toBe('my.notes.pt.md');
  expect(outputName(null, 'pt')).toBe('translation.pt.txt');
});
