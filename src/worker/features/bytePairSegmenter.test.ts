import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseSentencePiece } from '../../formats/sentencepiece.ts';
import { createTokeniser } from './tokeniser.ts';

interface Golden {
  lines: string[];
  models: Record<string, { model: string; ids: number[][] }>;
}

/** Written by scripts/reference/byte_pair_golden.py with the SentencePiece library. */
const golden = JSON.parse(
  gunzipSync(readFileSync(new URL('./bytePairSegmenter.golden.json.gz', import.meta.url))).toString(),
) as Golden;

describe.each(['plain', 'user-defined', 'unused'])('a BPE model: %s', (name) => {
  const { model = '', ids = [] } = golden.models[name] ?? {};
  const parsed = parseSentencePiece(new Uint8Array(Buffer.from(model, 'base64')));
  const tokeniser = createTokeniser(parsed);

  it('gives the ids of the SentencePiece library for 500 lines', () => {
    expect(golden.lines).toHaveLength(501);
    const wrong = golden.lines.flatMap((line, i) => {
      const got = [...tokeniser.encode(line).ids];
      return got.join() === ids[i]?.join() ? [] : [{ line, got, want: ids[i] }];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('covers the text with its ranges', () => {
    const [line = ''] = golden.lines;
    const { ranges } = tokeniser.encode(line);
    expect(ranges[0]?.[0]).toBe(0);
    ranges.slice(1).forEach(([from], i) => expect(from).toBe(ranges[i]?.[1]));
    expect(ranges.at(-1)?.[1]).toBe(line.length);
  });
});
