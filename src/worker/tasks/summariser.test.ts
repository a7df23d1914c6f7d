import { beforeAll, describe, expect, it } from 'vitest';
import { openHubCase } from '../../../scripts/compat/hubRunner.ts';
import { createHubTokeniser } from '../features/hubTokeniser.ts';
import { summariseText, type Summariser } from './summariser.ts';

const { signal } = new AbortController();
const SENTENCE = 'The cat sat on the mat and looked at the rain.';
/** In digits that the vocabulary has. */
const number = (i: number): string => i.toString(5).replaceAll(/\d/g, (digit) => '13457'[Number(digit)] ?? '1');

describe('summariseText', () => {
  let summariser: Summariser;
  /** What the model was given to read, without what is put around it. */
  const read: string[] = [];

  beforeAll(async () => {
    const { architecture: whole, parts, model } = await openHubCase('t5');
    const architecture = { ...whole, sourcePositions: 64 };
    if (architecture.type !== 'hub-summariser') throw new Error('It is no summariser.');
    const bytes = parts.find(({ role }) => role === 'tokeniser')?.bytes ?? new Uint8Array();
    const tokeniser = createHubTokeniser(bytes, undefined);
    summariser = {
      architecture,
      tokeniser,
      model: new Proxy(model, {
        get(target, name) {
          if (name === 'start')
            return (sources: Int32Array[], options: Parameters<typeof target.start>[1]) => {
              for (const source of sources) {
                expect(source.length).toBeLessThanOrEqual(64);
                read.push(tokeniser.decode(source.slice(architecture.before.length, -1)).text);
              }
              return target.start(sources, options);
            };
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      }),
    };
  });

  it('reads a short text at once', async () => {
    read.length = 0;
    const { text, parts } = await summariseText(summariser, SENTENCE, { length: 'medium', signal });
    expect(parts).toBe(1);
    expect(read).toEqual([SENTENCE]);
    expect(text).not.toBe('');
  });

  it('reads all of a long text in parts, and then what was said of them', async () => {
    read.length = 0;
    const sentences = Array.from({ length: 7 }, (_, i) => SENTENCE.replace('mat', `${number(i)} mats`));
    const told: [number, number][] = [];
    const options = { signal, onPart: (done: number, total: number) => void told.push([done, total]) };
    const { parts } = await summariseText(summariser, sentences.join(' '), { ...options, length: 'medium' });
    expect(parts).toBeGreaterThan(1);
    const all = read.slice(0, parts).join(' ');
    for (const sentence of sentences) expect(all).toContain(sentence);
    expect(read.length).toBeGreaterThan(parts);
    expect(told[0]).toEqual([0, parts + 1]);
    expect(told.at(-1)).toEqual([parts + 1, parts + 1]);

    read.length = 0;
    const long = await summariseText(summariser, sentences.join(' '), { length: 'long', signal });
    expect(read).toHaveLength(long.parts);
    expect(long.text.split('\n\n')).toHaveLength(long.parts);
  });

  it('cuts a sentence that is too long by itself, and loses none of it', async () => {
    read.length = 0;
    const words = Array.from({ length: 40 }, (_, i) => `${number(i)} cats`).join(' ');
    await summariseText(summariser, words, { length: 'long', signal });
    expect(read.join(' ').replaceAll(/\s+/g, ' ')).toBe(words);
  });

  it('reads what stands between fences, too', async () => {
    read.length = 0;
    await summariseText(summariser, `\`\`\`\n${SENTENCE}\n\`\`\``, { length: 'short', signal });
    expect(read.join(' ')).toContain('The cat sat');
  });

  it('makes a short summary shorter than a long one, and none as long as its text', async () => {
    const text = Array.from({ length: 3 }, () => SENTENCE).join(' ');
    const count = async (length: 'short' | 'long'): Promise<number> =>
      summariser.tokeniser.encode((await summariseText(summariser, text, { length, signal })).text).ids.length;
    expect(await count('short')).toBeLessThan(await count('long'));
  });

  it('tells what it has so far, and stops when it is told', async () => {
    const partials: string[] = [];
    await summariseText(summariser, SENTENCE, {
      length: 'long',
      signal,
      onPartial: (soFar) => void partials.push(soFar),
    });
    expect(partials.length).toBeGreaterThan(3);
    const abort = new AbortController();
    const stopped = summariseText(summariser, SENTENCE, {
      length: 'long',
      signal: abort.signal,
      onPartial: () => abort.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });
});
