import { expect, it } from 'vitest';
import { isGhost, isLikelyRest } from './recogniser.ts';

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
