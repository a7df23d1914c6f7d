import { describe, expect, it } from 'vitest';
import { convertTransformer } from '../../src/convert/ctranslate2.ts';
import { piecesOf } from '../../src/convert/marian.fixture.ts';
import { compareCase, compareText, convertCase, convertText, fromBase64, golden, tokensOf } from './ctranslate2.ts';

/** Such weights lie beside the grid of 8 bits that ours lie on. */
const isBeside = (name: string): boolean => name.includes('float16') || name === 'int16';
const tolerance = (name: string): number => (isBeside(name) ? 0.2 : 2e-3);
const [first] = golden.cases;

describe.each(golden.cases.map((one) => [one.name, one] as const))('a CTranslate2 model: %s', (name, one) => {
  it('gives every token the probability that CTranslate2 gives it, and says the same', async () => {
    const { worst, sameWords, sameBeams } = await compareCase(one, '.webgpu');
    expect(worst).toBeLessThan(tolerance(name));
    expect(sameWords).toBe(true);
    if (!isBeside(name)) expect(sameBeams).toBe(true);
  });

  it('nearly so in 8 bits', async () => {
    expect((await compareCase(one, '')).worst).toBeLessThan(0.6);
  });
});

describe.each(golden.texts.map((one) => [one.name, one] as const))('the files of %s', (_, one) => {
  it('cut a text as SentencePiece does, and say what CTranslate2 says', async () => {
    expect(await compareText(one, '.webgpu')).toEqual({ samePieces: true, sameWords: true, sameBeams: true });
  });
});

describe.each([
  [
    'codes of subword-nmt',
    { sentencePiece: new TextEncoder().encode('#version: 0.2\nt h\nth e</w>\n') },
    /subword-nmt/,
  ],
  [
    'a decoder that begins with the caller’s token',
    { config: new TextEncoder().encode('{"decoder_start_token":null}') },
    /mBART-25/,
  ],
  ['the pieces of another model', { sentencePiece: piecesOf(['<unk>', 'x', 'y', 'z']) }, /not in the vocabulary/],
] as const)('convertTransformer', (name, files, reason) => {
  it(`refuses ${name}`, () => expect(() => convertText(golden.texts[0]!, files)).toThrow(reason));
});

describe('convertTransformer', () => {
  it.each(golden.refused)('refuses $name, by name', ({ name, model }) => {
    const vocabulary = fromBase64(first?.files['target_vocabulary.json'] ?? '');
    expect(() => convertTransformer({ model: fromBase64(model), vocabulary, sentencePiece: vocabulary })).toThrow(
      expect.objectContaining({ code: 'unsupported-model', message: expect.stringContaining(name) as string }),
    );
  });

  it.each([
    ['the vocabulary of another model', { 'target_vocabulary.json': btoa('["</s>", "<s>", "<unk>"]') }, /not belong/],
    ['a vocabulary without an end', { 'target_vocabulary.json': btoa('["a"]') }, /<\/s>/],
    ['a configuration that is none', { 'config.json': btoa('[') }, /config\.json/],
  ])('refuses %s', (_, files, reason) => {
    expect(() => convertCase({ ...first!, files: { ...first!.files, ...files } })).toThrow(reason);
  });

  it('reads a vocabulary with a token a line', () => {
    const tokens = tokensOf(convertCase(first!)).target;
    const files = { ...first!.files, 'target_vocabulary.json': btoa(`${tokens.join('\n')}\n`) };
    expect(tokensOf(convertCase({ ...first!, files })).target).toEqual(tokens);
  });
});
