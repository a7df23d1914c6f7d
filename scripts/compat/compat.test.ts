import { describe, expect, it } from 'vitest';
import { convertTransformer } from '../../src/convert/ctranslate2.ts';
import { compareCase, convertCase, fromBase64, golden } from './ctranslate2.ts';

const tolerance = (name: string): number => (name.includes('float16') ? 0.1 : name === 'int16' ? 0.02 : 2e-3);
const [first] = golden.cases;

describe.each(golden.cases.map((one) => [one.name, one] as const))('a CTranslate2 model: %s', (name, one) => {
  it('gives every token the probability that CTranslate2 gives it, and says the same', async () => {
    const { worst, sameWords } = await compareCase(one, '.webgpu');
    expect(worst).toBeLessThan(tolerance(name));
    expect(sameWords).toBe(true);
  });

  it('nearly so in 8 bits', async () => {
    expect((await compareCase(one, '')).worst).toBeLessThan(0.6);
  });
});

describe('convertTransformer', () => {
  it.each(golden.refused)('refuses $name, by name', ({ name, model }) => {
    const vocabulary = fromBase64(first?.files['target_vocabulary.json'] ?? '');
    expect(() => convertTransformer({ model: fromBase64(model), vocabulary })).toThrow(
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
    const tokens = convertCase(first!).targetTokens;
    const files = { ...first!.files, 'target_vocabulary.json': btoa(`${tokens.join('\n')}\n`) };
    expect(convertCase({ ...first!, files }).targetTokens).toEqual(tokens);
  });
});
