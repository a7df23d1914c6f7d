import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Link, Segment, TranslatedSentence, Translation } from '../protocol/types.ts';
import { splitOver } from './splitOver.ts';
import { translateSegments } from './translateSegments.ts';

/** Links between words: [number of the source word, number of the target word]. */
function links(source: string, target: string, pairs: [number, number][]): Link[] {
  const words = (text: string) =>
    [...text.matchAll(/\S+/g)].map((m): [number, number] => [m.index, m.index + m[0].length]);
  const [from, to] = [words(source), words(target)];
  return pairs.map(([i, j]) => ({ source: from[i]!, target: to[j]!, weight: 1 }));
}

const segment = (text: string, startS: number, endS: number): Segment => ({ text, startS, endS, language: 'en' });

describe('splitOver', () => {
  it('cuts where no link crosses', () => {
    const source = 'the house that is blue';
    const target = 'a casa que é azul';
    const alignment = links(source, target, [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    expect(splitOver(target, alignment, [source.indexOf('that')], [1, 1])).toEqual(['a casa', 'que é azul']);
    expect(splitOver(target, alignment, [source.indexOf('blue')], [1, 1])).toEqual(['a casa que é', 'azul']);
  });

  it('cuts where fewest cross when words change places', () => {
    const source = 'big old white houses fell down';
    const target = 'grandes casas brancas e velhas caíram';
    const alignment = links(source, target, [
      [0, 0],
      [1, 4],
      [2, 2],
      [3, 1],
      [4, 5],
      [5, 5],
    ]);
    expect(splitOver(target, alignment, [source.indexOf('fell')], [1, 1])).toEqual([
      'grandes casas brancas e velhas',
      'caíram',
    ]);
  });

  it('goes by the time where nothing is known of the words', () => {
    expect(splitOver('um dois três quatro', [], [5], [3, 1])).toEqual(['um dois três', 'quatro']);
    expect(splitOver('um dois três quatro', [], [5], [1, 3])).toEqual(['um', 'dois três quatro']);
  });

  it('cuts after a comma rather than a word later', () => {
    expect(splitOver('sim, eu vou já', [], [5], [1, 1.6])).toEqual(['sim,', 'eu vou já']);
  });

  it('gives every piece a word as long as there are words', () => {
    expect(splitOver('um dois', [], [1, 2], [1, 1, 1])).toEqual(['um', 'dois', '']);
    expect(splitOver('', [], [1], [1, 1])).toEqual(['', '']);
    expect(splitOver('um', [], [1], [0, 0])).toEqual(['um', '']);
  });

  it('keeps every word in its order, whatever it is given', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', ',', '字'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 12 }),
        fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true }))),
        (words, starts, pairs) => {
          const target = words.join(' ');
          const alignment = pairs.map(([s, t, weight]): Link => ({ source: [s, s + 1], target: [t, t + 1], weight }));
          const sorted = starts.toSorted((a, b) => a - b);
          const pieces = splitOver(target, alignment, sorted, [...sorted.map(() => 1), 1]);
          expect(pieces).toHaveLength(starts.length + 1);
          expect(
            pieces
              .filter((piece) => piece !== '')
              .join(' ')
              .replace(/\s+/g, ''),
          ).toBe(target.replace(/\s+/g, ''));
        },
      ),
    );
  });
});

describe('translateSegments', () => {
  const asked: string[][] = [];
  /** Capitals, a sentence up to each full stop, every word aligned with itself. */
  const translate = (texts: string[]): Promise<Translation[]> => {
    asked.push(texts);
    return Promise.resolve(
      texts.map((text): Translation => {
        const sentences = [...text.matchAll(/[^.\s][^.]*\.?/g)].map((match): TranslatedSentence => {
          const source = match[0].trimEnd();
          const count = source.split(' ').length;
          const range: [number, number] = [match.index, match.index + source.length];
          return {
            source,
            target: source.toUpperCase(),
            sourceRange: range,
            targetRange: range,
            score: 0,
            alignment: links(
              source,
              source,
              Array.from({ length: count }, (_, i) => [i, i]),
            ),
            alternatives: [],
            warnings: [],
          };
        });
        const ran = { model: 'm', provider: 'wasm' as const, threads: 1, ms: 1 };
        return { text: text.toUpperCase(), from: 'en', to: 'pt', sentences, warnings: [], ran };
      }),
    );
  };
  const options = { from: 'en', to: 'pt' };

  it('translates a sentence over several segments whole and lays it back', async () => {
    asked.length = 0;
    const segments = [
      segment('It was the best', 0, 1),
      segment('of times. It was', 1, 2),
      segment('the worst of times.', 2, 3),
      segment('The end.', 3, 4),
    ];
    expect(await translateSegments(translate, segments, options)).toEqual([
      'IT WAS THE BEST',
      'OF TIMES. IT WAS',
      'THE WORST OF TIMES.',
      'THE END.',
    ]);
    expect(asked).toEqual([['It was the best of times. It was the worst of times.', 'The end.']]);
  });

  it.each([
    ['a long pause', [segment('one', 0, 1), segment('two', 10, 11)]],
    ['another speaker', [segment('one', 0, 1), segment('- two', 1, 2)]],
    ['a sound', [segment('one', 0, 1), segment('[door]', 1, 2)]],
  ])('begins anew after %s', async (_, segments) => {
    asked.length = 0;
    await translateSegments(translate, segments, options);
    expect(asked[0]).toHaveLength(2);
  });

  it('translates endless speech in parts', async () => {
    asked.length = 0;
    const segments = Array.from({ length: 60 }, (_, i) => segment('and then we went on and on', i, i + 1));
    const texts = await translateSegments(translate, segments, options);
    expect(texts.every((text) => text === 'AND THEN WE WENT ON AND ON')).toBe(true);
    expect(Math.max(...asked[0]!.map((text) => text.length))).toBeLessThanOrEqual(400);
  });

  it('keeps empty segments empty and reads lines as one', async () => {
    const segments = [segment('', 0, 1), segment(' one\ntwo ', 1, 2), segment('  ', 2, 3)];
    expect(await translateSegments(translate, segments, options)).toEqual(['', 'ONE TWO', '']);
    expect(await translateSegments(translate, [], options)).toEqual([]);
  });

  it('refuses what are no segments', async () => {
    await expect(translateSegments(translate, 'text' as never, options)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(translateSegments(translate, [{}] as never, options)).rejects.toMatchObject({ code: 'bad-input' });
  });
});
