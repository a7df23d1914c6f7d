import { describe, expect, it } from 'vitest';
import { detectLanguage } from './language.ts';

describe('detectLanguage', () => {
  it.each([
    ['en', 'The lighthouse keeper wrote every morning before the fog lifted.'],
    ['pt', 'O faroleiro escrevia todas as manhãs antes de o nevoeiro levantar.'],
    ['pt', 'Você poderia me dizer onde fica a estação de trem?'],
    ['es', 'El farero escribía todas las mañanas antes de que se levantara la niebla.'],
    ['fr', 'Le gardien du phare écrivait chaque matin avant que le brouillard ne se lève.'],
    ['de', 'Der Leuchtturmwärter schrieb jeden Morgen, bevor sich der Nebel hob.'],
    ['ru', 'Смотритель маяка писал каждое утро, пока не рассеялся туман.'],
    ['ja', '灯台守は毎朝霧が晴れる前に日記を書いていました。'],
    ['zh', '灯塔看守人每天早上在雾散之前写作。'],
    ['ar', 'كان حارس المنارة يكتب كل صباح قبل أن ينقشع الضباب.'],
  ])('knows %s', async (language, text) => {
    const detection = await detectLanguage(text);
    expect(detection).toMatchObject({ language, reliable: true });
    expect(detection.confidence).toBeGreaterThan(0.3);
    expect(detection.confidence).toBeLessThanOrEqual(1);
  });

  it.each([
    '',
    '   ',
    'ok',
    '12345 67890',
    '😀😀😀😀😀😀',
    'https://example.com/some/long/path',
    '!?!?!?...',
    '{name} {count}',
  ])('says nothing of %j', async (text) => {
    expect(await detectLanguage(text)).toEqual({ language: null, confidence: 0, reliable: false });
  });

  it('does not call a mixture reliable', async () => {
    expect((await detectLanguage('Lorem xqzw brtk vlmpr gnsk')).reliable).toBe(false);
  });

  it('reads the start of a long text only', async () => {
    await detectLanguage('warm');
    const start = performance.now();
    expect((await detectLanguage('The quick brown fox jumps over the lazy dog. '.repeat(25_000))).language).toBe('en');
    expect(performance.now() - start).toBeLessThan(500);
  });
});
