import { describe, expect, it } from 'vitest';
import { detectLanguage } from './detect.ts';

const context = { signal: new AbortController().signal, progress: () => undefined, emit: () => undefined };
const detect = async (text: string) => detectLanguage({ text }, context);

describe('detectLanguage', () => {
  it.each([
    ['en', 'The committee will meet again on Thursday to vote on the proposal.'],
    ['pt', 'Eu não sei onde está o livro que comprei na semana passada.'],
    ['es', 'No sé dónde está el libro que compré la semana pasada.'],
    ['ja', '今日はいい天気ですね。'],
    ['ru', 'Сегодня хорошая погода, пойдём гулять.'],
  ])('knows %s', async (language, text) => {
    expect(await detect(text)).toMatchObject({ language, reliable: true });
  });

  it.each(['Hello', 'The cat sat', 'casa'])('does not call a guess from "%s" reliable', async (text) => {
    expect((await detect(text)).reliable).toBe(false);
  });

  it.each(['', '12345 !!', '😀', 'https://example.com/a', '\ud800'])('has no guess for %j', async (text) => {
    expect(await detect(text)).toEqual({ language: null, confidence: 0, reliable: false });
  });

  it('gives a confidence between 0 and 1', async () => {
    const { confidence } = await detect('The committee will meet again on Thursday.');
    expect(confidence).toBeGreaterThan(0.5);
    expect(confidence).toBeLessThanOrEqual(1);
  });
});
