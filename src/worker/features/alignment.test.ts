import { describe, expect, it } from 'vitest';
import type { Range } from '../../protocol/types.ts';
import { linkWords, type AttendedSentence } from './alignment.ts';

/** A sentence whose pieces are parted by "|", with attention given as rows over the source pieces and end-of-sentence. */
function sentence(
  source: string,
  target: string,
  attention: number[][],
  more: Partial<AttendedSentence> = {},
): AttendedSentence {
  const pieces = (marked: string): Range[] => {
    let at = 0;
    return marked.split('|').map((piece): Range => [at, (at += piece.length)]);
  };
  return {
    source: source.replaceAll('|', ''),
    target: target.replaceAll('|', ''),
    sourceRanges: pieces(source),
    targetRanges: pieces(target),
    attention: Float32Array.from(attention.flat()),
    sourceLength: attention[0]?.length ?? 0,
    ...more,
  };
}

function links(given: AttendedSentence): string[] {
  return linkWords(given).map(
    ({ source, target, weight }) =>
      `${given.source.slice(...source)}-${given.target.slice(...target)} ${weight.toFixed(2)}`,
  );
}

describe('linkWords', () => {
  it('joins pieces to words and leaves out punctuation', () => {
    const given = sentence('Light|house|s| shine|.', 'Far|óis| brilham|.', [
      [0.5, 0.4, 0.1, 0, 0, 0],
      [0.2, 0.6, 0.2, 0, 0, 0],
      [0, 0, 0, 0.9, 0.1, 0],
      [0, 0, 0, 0, 1, 0],
    ]);
    expect(links(given)).toEqual(['Lighthouses-Faróis 1.00', 'shine-brilham 0.90']);
  });

  it('keeps several sources of one word when they weigh alike, and drops the faint', () => {
    const given = sentence('I| am| here', 'Estou| aqui', [
      [0.4, 0.5, 0.1, 0],
      [0.05, 0.05, 0.9, 0],
    ]);
    expect(links(given)).toEqual(['I-Estou 0.40', 'am-Estou 0.50', 'here-aqui 0.90']);
  });

  it('links a source word that nobody chose to the word that saw it most', () => {
    const given = sentence('do| not| go', 'não| vás', [
      [0.2, 0.8, 0, 0],
      [0.12, 0, 0.88, 0],
    ]);
    expect(links(given)).toEqual(['do-não 0.20', 'not-não 0.80', 'go-vás 0.88']);
  });

  it('takes a stand-in’s range for one word and a tag for none', () => {
    const given = sentence(
      'see| <b>|a@b.cc',
      'ver| X',
      [
        [1, 0, 0, 0],
        [0, 0.3, 0.7, 0],
      ],
      {
        sourceUnits: [[7, 13]],
        sourceMarks: [[4, 7]],
      },
    );
    expect(links(given)).toEqual(['see-ver 1.00', 'a@b.cc-X 0.70']);
  });

  it('finds words in scripts without spaces', () => {
    const given = sentence('今日|は|晴れ', 'Hoje| está| sol', [
      [1, 0, 0, 0],
      [0, 0.2, 0.8, 0],
      [0, 0, 1, 0],
    ]);
    expect(links(given).every((link) => !link.startsWith('今日は晴れ'))).toBe(true);
    expect(links(given)[0]).toMatch(/^今日-Hoje/);
  });

  it('gives nothing where there are no words or no attention', () => {
    expect(linkWords(sentence('...', '!', [[1, 0]]))).toEqual([]);
    expect(linkWords(sentence('a', 'b', [[0, 1]]))).toEqual([]);
  });
});
