import { describe, expect, it } from 'vitest';
import type { TranslatedSentence, Translation } from '../../protocol/types.ts';
import { splitLines } from './lines.ts';
import { emptyProgress, groupUnits, layOut, outputText, pairLines } from './units.ts';

/** A translation that writes every sentence in capitals. */
function shout(text: string): Translation {
  const sentences = [...text.matchAll(/[^.]+\./g)].map((match): TranslatedSentence => {
    const lead = match[0].length - match[0].trimStart().length;
    const from = match.index + lead;
    const to = match.index + match[0].length;
    return {
      source: text.slice(from, to),
      target: text.slice(from, to).toUpperCase(),
      sourceRange: [from, to],
      targetRange: [from, to],
      score: -0.1,
      alignment: [],
      alternatives: [],
      warnings: [],
    };
  });
  const ran = { model: 'm', provider: 'wasm', threads: 1, ms: 1 } as const;
  return { text: text.toUpperCase(), from: 'en', to: 'pt', sentences, warnings: [], ran };
}

describe('splitLines', () => {
  it.each(['', 'a', 'a\nb', '\n\na\r\n b\rc\n', '\n'])('loses nothing of %j', (text) => {
    const lines = splitLines(text);
    expect(lines.map((line) => line.text + line.end).join('')).toBe(text);
    for (const line of lines) expect(text.slice(line.start, line.start + line.text.length)).toBe(line.text);
  });
});

describe('layOut', () => {
  it('gives back every space and line break around the sentences', () => {
    const text = '  One.  Two. \n\n\tThree.\r\n';
    const lines = splitLines(text);
    const output = layOut(
      lines,
      lines.map((line) => ({ ...emptyProgress(), translation: shout(line.text) })),
      {},
    );
    expect(outputText(output)).toBe(text.toUpperCase());
    expect(output.units.map((unit) => unit.text)).toEqual(['ONE.', 'TWO.', 'THREE.']);
    for (const { sentence, lineStart } of output.units) {
      const [from, to] = sentence!.sourceRange;
      expect(text.slice(lineStart + from, lineStart + to)).toBe(sentence!.source);
    }
  });

  it('puts a picked wording in the place of the engine’s own', () => {
    const lines = splitLines('One. Two.');
    const pick = { text: 'Dois!', score: -1, alignment: [] };
    const output = layOut(lines, [{ ...emptyProgress(), translation: shout('One. Two.') }], { 'Two.': pick });
    expect(outputText(output)).toBe('ONE. Dois!');
    expect(output.units[1]?.pick).toBe(pick);
  });

  it('takes a sentence named like a property of all objects for what it is', () => {
    const output = layOut(splitLines('constructor.'), [{ ...emptyProgress(), translation: shout('constructor.') }], {});
    expect(outputText(output)).toBe('CONSTRUCTOR.');
  });

  it('keeps what was shown until its successor is as long', () => {
    const lines = splitLines('One. Two.');
    const growing = { ...emptyProgress(['BEFORE.', 'SECOND.']), partials: ['ON', 'A LONG SECOND'] };
    const output = layOut(lines, [growing], {});
    expect(output.units.map(({ text, state }) => [text, state])).toEqual([
      ['BEFORE.', 'stale'],
      ['A LONG SECOND', 'growing'],
    ]);
  });

  it('shows sentences that end out of order in their own places', () => {
    const second = shout('One. Two.').sentences[1];
    const sentences: (TranslatedSentence | undefined)[] = [];
    sentences[1] = second;
    const output = layOut(splitLines('One. Two.'), [{ ...emptyProgress(), sentences, partials: ['O'] }], {});
    expect(outputText(output)).toBe('O TWO.');
  });
});

describe('pairLines', () => {
  const pairs = (before: string, after: string): (number | undefined)[] =>
    pairLines(splitLines(before), splitLines(after));

  it.each([
    ['a\nb\nc', 'a\nB\nc', [0, 1, 2]],
    ['a\nb\nc', 'a\nnew\nb\nc', [0, undefined, 1, 2]],
    ['a\nb\nc', 'a\nc', [0, 2]],
    ['a', 'a\nb', [0, undefined]],
    ['', 'a', [0]],
    ['a\na\na', 'a\na', [0, 1]],
  ])('from %j to %j', (before, after, expected) => {
    expect(pairs(before, after)).toEqual(expected);
  });
});

describe('groupUnits', () => {
  it('cuts at line ends only, and loses nothing', () => {
    const text = `${'One. '.repeat(20)}\n\n  Two.\r\n${'Three.\n'.repeat(40)}\n`;
    const lines = splitLines(text);
    const output = layOut(
      lines,
      lines.map((line) => ({ ...emptyProgress(), translation: shout(line.text) })),
      {},
    );
    const groups = groupUnits(output);
    expect(groups.length).toBeGreaterThan(3);
    expect(groups.map(outputText).join('')).toBe(text.toUpperCase());
    for (const { tail } of groups) expect(tail).toMatch(/[\r\n]$/);
  });

  it('makes nothing of nothing', () => {
    expect(groupUnits({ units: [], tail: '' })).toEqual([]);
  });
});
