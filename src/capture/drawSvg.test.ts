import { describe, expect, it } from 'vitest';
import { isSvg } from './drawSvg.ts';

const file = (text: string, type = ''): Blob => new Blob([text], { type });

describe('isSvg', () => {
  it.each([
    '<svg/>'.replace('/', ' /'),
    '<?xml version="1.0"?>\n<!-- one --><!-- two > -->\n<!DOCTYPE svg PUBLIC "x">\n<!-- three -->\n<svg width="1"/>',
  ])('knows %s', async (text) => expect(await isSvg(file(text))).toBe(true));

  it.each(['<html><svg>', '<!-- <svg> -->', 'text', '', '<!doctype html><svg>'])(
    'does not take %j for one',
    async (text) => expect(await isSvg(file(text))).toBe(false),
  );

  it('goes by the type where there is one', async () => {
    expect(await isSvg(file('anything', 'image/svg+xml'))).toBe(true);
    expect(await isSvg(file('<svg />', 'image/png'))).toBe(false);
  });

  it('is not held up by comments that lead to nothing', async () => {
    const start = performance.now();
    expect(await isSvg(file('<!---->'.repeat(140)))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
