import { describe, expect, it } from 'vitest';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import {
  joinLines,
  lineOf,
  needsTranslation,
  replaceText,
  retext,
  retime,
  retranslate,
  splitLine,
} from './lineEdits.ts';

const line: TranscriptLine = {
  id: 'a',
  startS: 1,
  endS: 3,
  text: 'The house is blue.',
  words: [
    { text: 'The', startS: 1, endS: 1.4, probability: 0.9 },
    { text: ' house', startS: 1.4, endS: 2, probability: 0.9 },
    { text: ' is', startS: 2.2, endS: 2.4, probability: 0.9 },
    { text: ' blue.', startS: 2.4, endS: 3, probability: 0.9 },
  ],
  translation: 'A casa é azul.',
  translatedFrom: 'The house is blue.',
};
const joined = ({ words }: TranscriptLine): string | undefined => words?.map(({ text }) => text).join('');

describe('splitLine', () => {
  it('cuts before the word at the cursor, at the time it was said, and asks for new translations', () => {
    const [first, second] = splitLine(line, 'The house '.length)!;
    expect(first).toMatchObject({ id: 'a', startS: 1, endS: 2, text: 'The house' });
    expect(second).toMatchObject({ startS: 2.2, endS: 3, text: 'is blue.' });
    expect(joined(second)).toBe('is blue.');
    expect(second.id).not.toBe('a');
    expect([first, second].every(needsTranslation)).toBe(true);
  });

  it('shares the time by length where words have none, and refuses an empty half', () => {
    const { words: _, ...plain } = line;
    const [first, second] = splitLine(plain, 9)!;
    expect(first.endS).toBe(second.startS);
    expect(first.endS).toBeCloseTo(2.06, 1);
    expect(splitLine(line, 0)).toBeNull();
    expect(splitLine(line, line.text.length)).toBeNull();
  });

  it('is undone by joining', () => {
    const [first, second] = splitLine(line, 10)!;
    const again = joinLines(first, second);
    expect(again).toMatchObject({ id: 'a', startS: 1, endS: 3, text: line.text });
    expect(again.words).toEqual(line.words);
  });
});

describe('edits', () => {
  it('keep the times of the words that stay', () => {
    expect(retext(line, 'The red house is blue.').words?.at(-1)).toEqual(line.words?.at(-1));
    expect(retext(line, line.text)).toBe(line);
  });

  it('move the words with the line, and never end before the start', () => {
    expect(retime(line, 11, 13).words?.[0]).toMatchObject({ startS: 11, endS: 11.4 });
    expect(retime(line, 5, 4)).toMatchObject({ startS: 5, endS: 5.1 });
    expect(retime(line, -3, 4).startS).toBe(0);
    expect(retime(line, 1, 3)).toBe(line);
  });

  it('know which translations are to be made again', () => {
    expect(needsTranslation(line)).toBe(false);
    expect(needsTranslation(retext(line, 'The house is red.'))).toBe(true);
    const own = retranslate(line, 'Azul é a casa.');
    expect(needsTranslation(retext(own, 'The house is red.'))).toBe(false);
    expect(needsTranslation(retranslate(own, ' '))).toBe(true);
    expect(retranslate(line, 'A casa é azul.')).toBe(line);
  });

  it('begin with what was heard, without its leading space', () => {
    expect(lineOf({ startS: 0, endS: 1, text: ' Hello.', language: 'en' })).toMatchObject({ text: 'Hello.', endS: 1 });
  });
});

describe('replaceText', () => {
  it('replaces every place, whatever its case or accents, and keeps the times of the other words', () => {
    const replaced = replaceText({ ...line, text: 'The house: the HÓUSE.' }, 'house', 'barn');
    expect(replaced.text).toBe('The barn: the barn.');
    const one = replaceText(line, 'blue', 'dark red');
    expect(one.text).toBe('The house is dark red.');
    expect(one.words?.[1]).toMatchObject({ startS: 1.4, endS: 2 });
    expect(needsTranslation(one)).toBe(true);
  });

  it('replaces in the translation where only that holds the text', () => {
    expect(replaceText(line, 'casa', 'moradia')).toMatchObject({ text: line.text, translation: 'A moradia é azul.' });
    expect(replaceText(line, 'nowhere', 'x')).toBe(line);
  });
});
