import { describe, expect, it } from 'vitest';
import { isGhost, isLikelyRest, modelsAtOnce } from './recogniser.ts';

const words = (...probabilities: number[]): { probability: number }[] =>
  probabilities.map((probability) => ({ probability }));

it('takes a few words for nothing where nobody seems to speak, or the words are hardly believed', () => {
  // What it makes of a reader's breath after the last sentence: "Thank you."
  expect(isGhost(words(0.16, 0.94), 0.65)).toBe(true);
  expect(isGhost(words(0.2, 0.3), 0.1)).toBe(true);
});

it('believes a short answer that is spoken, and longer ones in any case', () => {
  expect(isGhost(words(0.5, 0.9), 0.1)).toBe(false);
  expect(isGhost(words(0.3, 0.3, 0.3, 0.3), 0.65)).toBe(false);
});

it('judges a few ids together with those before them', () => {
  const logProbs = Float32Array.of(-2.5, -1);
  expect(isLikelyRest(logProbs, 10)).toBe(true);
  expect(isLikelyRest(logProbs, 1)).toBe(false);
  // Alone, they are what the recogniser says of them.
  expect(isLikelyRest(Float32Array.of(-0.1), 0)).toBe(false);
});

it('does not believe much that is unlikely because of what was agreed on', () => {
  expect(isLikelyRest(new Float32Array(6).fill(-2.5), 100)).toBe(false);
});

describe('modelsAtOnce', () => {
  const device = { provider: 'wasm', threads: 2 } as const;

  it('hears with the one model until the lanes are open, and in the lanes from then on', async () => {
    let open = (_: string[]): void => undefined;
    const lanes = (): Promise<string[]> => new Promise((resolve) => (open = resolve));
    const [first, second] = modelsAtOnce({ model: 'whole', lanes, device });
    expect(await first?.()).toBe('whole');
    const waiting = second?.();
    open(['lane 1', 'lane 2']);
    expect(await waiting).toBe('lane 2');
    expect(await first?.()).toBe('lane 1');
  });

  it('goes on with the one model where lanes cannot be opened', async () => {
    const models = modelsAtOnce({ model: 'whole', lanes: () => Promise.reject(new Error('no memory')), device });
    expect(await Promise.all(models.map((model) => model()))).toEqual(['whole', 'whole']);
  });

  it('has one model where the graphics card does the work', () => {
    const graphics = { provider: 'webgpu', threads: 4 } as const;
    expect(modelsAtOnce({ model: 'whole', lanes: () => Promise.resolve(['whole']), device: graphics })).toHaveLength(1);
  });
});
