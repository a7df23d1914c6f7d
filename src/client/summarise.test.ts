import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../protocol/errors.ts';
import type { ModelInfo } from '../protocol/types.ts';
import { createGlossa } from './engine.ts';
import { createLoopback, model } from './fixtures/loopback.ts';

const summariser = (id: string, state: ModelInfo['state']): ModelInfo => ({
  ...model('en', 'en'),
  id,
  kind: 'summary',
  state,
});

let loopback = createLoopback();
beforeEach(() => void vi.stubGlobal('navigator', {}));
afterEach(() => {
  loopback.close();
  vi.unstubAllGlobals();
});

function open(models: ModelInfo[]) {
  loopback = createLoopback(models);
  return createGlossa({ spawn: loopback.spawn, budgetBytes: 2 ** 30 });
}

describe('summarise', () => {
  it('asks the summariser that is here, in medium length unless told, and tells what it has so far', async () => {
    const glossa = open([model('en', 'pt'), summariser('t5', 'available'), summariser('bart', 'installed')]);
    const partials: string[] = [];
    const summary = await glossa.summarise('a text', { onPartial: (text) => void partials.push(text) });
    expect(summary).toMatchObject({ text: 'A TEXT', parts: 1, ran: { model: 'bart' } });
    expect(partials).toEqual(['a']);
    await glossa.summarise('more', { length: 'short', model: 't5' });
    expect(loopback.asked.filter((asked) => asked.includes('summarise'))).toEqual([
      expect.stringContaining('summarise a text medium'),
      expect.stringContaining('summarise more short'),
    ]);
  });

  it('says what is wrong where there is no summariser, no text or no such length', async () => {
    await expect(open([model('en', 'pt')]).summarise('a text')).rejects.toMatchObject({ code: 'unsupported-model' });
    const glossa = open([summariser('t5', 'installed')]);
    await expect(glossa.summarise(JSON.parse('7') as string)).rejects.toBeInstanceOf(EngineError);
    await expect(glossa.summarise('a', { length: JSON.parse('"tiny"') as 'short' })).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  it('stops', async () => {
    const abort = new AbortController();
    const summary = open([summariser('t5', 'installed')]).summarise('slow', { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(summary).rejects.toMatchObject({ code: 'aborted' });
  });
});
