import { describe, expect, it } from 'vitest';
import { CaptionPolicy, tagsOf } from './captionPolicy.ts';
import { parseCaptionTables, type CaptionTables } from './captionTables.ts';
import { CaptionWords, parseCaptionWords } from './captionWords.ts';
import { plural } from './plural.ts';

const TOKENS =
  "<pad> <s> </s> <unk> a man dog dogs cat cats teapot teapots animal shirt bus buses on three of group red_panda red_pandas 's one owl elephant sleeping lake";
const tokens = TOKENS.split(' ').map((token) => token.replace('_', ' '));
const label = (name: string, kind: string, ...words: string[]) => ({ name, kind, phrase: `a ${name}`, words });

const tables: CaptionTables = {
  policy: {
    present: { person: 0.7, dog: 0.5, default: 0.05 },
    besides: { dog: 0.1, default: 0 },
    hint: { person: 0.3, dog: 0.75, default: 0.05 },
    close: { label: 0.8, person: 0.9 },
    sure: { default: 0.4, people: 0.8 },
    agree: 0.5,
    rival: 0.5,
    plain: -2.5,
    page: 0.2,
    lengthPenalty: 0.7,
    confidence: { bias: 1, mean: 2, label: 0.5, unsure: 0.3 },
  },
  // Two breeds are one label.
  classes: [0, 0, 1, 2, 3, 4, 5, 6, 7],
  labels: [
    label('dog', 'animal', 'dog', 'dogs', 'animal'),
    label('cat', 'animal', 'cat', 'cats', 'animal'),
    label('teapot', 'thing', 'teapot', 'teapots'),
    label('shirt', 'wear', 'shirt'),
    label('web page', 'page', 'web page'),
    label('bus', 'vehicle', 'bus', 'buses'),
    label('red panda', 'animal', 'red panda', 'red pandas', 'animal'),
    label('lake', 'scene', 'lake', 'water'),
  ],
  things: [
    { name: 'person', witness: 0, words: ['man'] },
    { name: 'dog', witness: 2, words: ['dog', 'dogs'] },
    { name: 'cat', witness: 1, words: ['cat', 'cats'] },
    { name: 'bus', witness: -1, words: ['bus', 'buses'] },
    { name: 'water', witness: 3, words: ['lake', 'water'] },
    { name: 'alive', witness: -1, words: ['sleeping'] },
  ],
};
const words = new CaptionWords(tokens, ['cat', 'red panda']);
const policy = new CaptionPolicy(tables, words);
const encode = (said: string): Int32Array =>
  Int32Array.from(said.split(' '), (token) => words.idOf(token.replace('_', ' ')));

/** @param classes probabilities of dog, dog, cat, teapot, shirt, web page, bus, red panda, lake; presence of person, cat, dog, water */
const judged = (classes: number[], presence: number[] = [0, 0]) =>
  policy.judge(Float32Array.from(classes), Float32Array.from(presence));
const bannedBy = (classes: number[], presence?: number[]): string[] =>
  judged(classes, presence).banned.map((id) => tokens[id] ?? '');

describe('what may be said', () => {
  it('forbids what nothing speaks for', () => {
    expect(bannedBy([]).sort()).toEqual(
      [
        'man',
        'dog',
        'dogs',
        'cat',
        'cats',
        'bus',
        'buses',
        'teapot',
        'teapots',
        'red panda',
        'red pandas',
        'sleeping',
        'lake',
      ].sort(),
    );
  });

  it('allows what a witness saw, people only where it is surer', () => {
    expect(bannedBy([], [0.6, 0.1])).not.toContain('cat');
    expect(bannedBy([], [0.6, 0.1])).toContain('man');
    expect(bannedBy([], [0.71, 0])).not.toContain('man');
  });

  it('wants a better witness for people in a picture of one thing, but a dog', () => {
    expect(bannedBy([0, 0, 0, 0.85], [0.85])).toContain('man');
    expect(bannedBy([0, 0, 0, 0.85], [0.95])).not.toContain('man');
    expect(bannedBy([0, 0, 0, 0.75], [0.85])).not.toContain('man');
    expect(bannedBy([0.45, 0.4], [0.85])).not.toContain('man');
  });

  it('allows what a label hints at', () => {
    expect(bannedBy([0, 0, 0.06, 0.06])).not.toContain('cat');
    expect(bannedBy([0, 0, 0.06, 0.06])).not.toContain('teapots');
  });

  it.each([
    [0.04, 0.95, false],
    [0.06, 0.95, true],
    [0.06, 0.4, false],
    [0.35, 0.1, false],
    [0.4, 0.1, true],
  ])('wants more for a dog: two breeds at %d, its witness at %d', (breed, witness, isAllowed) => {
    expect(!bannedBy([breed, breed], [0, 0, witness]).includes('dog')).toBe(isAllowed);
  });

  it('lets do what the living do where something is alive', () => {
    expect(bannedBy([0, 0, 0, 0.9])).toContain('sleeping');
    expect(bannedBy([], [0, 0.1])).not.toContain('sleeping');
    expect(bannedBy([0, 0, 0, 0, 0, 0, 0, 0.06])).not.toContain('sleeping');
  });

  it('lets a thing be named once, but people and dogs', () => {
    const group = (token: string): number => policy.groups[words.idOf(token)] ?? NaN;
    expect(group('cat')).toBe(group('cats'));
    expect(group('cat')).not.toBe(group('teapot'));
    expect([group('man'), group('dog'), group('shirt'), group('on')]).toEqual([-1, -1, -1, -1]);
  });
});

describe('what must be said', () => {
  const mustName = (classes: number[], presence?: number[]): string | undefined =>
    judged(classes, presence).anchor?.label.name;

  it('is the likeliest label that can be named, if it is sure', () => {
    const { anchor, naming } = judged([0.2, 0.25], [0, 0, 0.9]);
    expect(anchor).toMatchObject({ label: { name: 'dog' } });
    expect(anchor?.probability).toBeCloseTo(0.45, 6);
    expect(naming.map((id) => tokens[id])).toEqual(['dog', 'dogs', 'animal']);
    expect(mustName([0, 0, 0.39])).toBeUndefined();
    expect(mustName([0, 0, 0.42, 0, 0.5])).toBe('cat');
    expect(mustName([0, 0, 0, 0, 0.9])).toBeUndefined();
  });

  it('is no dog without its witness, and no scene', () => {
    expect(mustName([0.3, 0.3])).toBeUndefined();
    expect(mustName([0.3, 0.3], [0, 0, 0.5])).toBe('dog');
    expect(mustName([0, 0, 0, 0, 0, 0, 0, 0, 0.9])).toBeUndefined();
    expect(mustName([0, 0, 0, 0, 0, 0, 0, 0, 0.5], [0, 0, 0, 0.6])).toBe('lake');
  });

  it('is surer beside people, or confirmed by its own witness', () => {
    expect(mustName([0, 0, 0, 0.79], [0.9, 0])).toBeUndefined();
    expect(mustName([0, 0, 0, 0.81], [0.9, 0])).toBe('teapot');
    expect(mustName([0, 0, 0.5], [0.9, 0.4])).toBeUndefined();
    expect(mustName([0, 0, 0.5], [0.9, 0.5])).toBe('cat');
  });

  it('may be a label nearly as likely', () => {
    const naming = (classes: number[]): string[] => judged(classes).naming.map((id) => tokens[id] ?? '');
    expect(naming([0, 0, 0.5, 0.26])).toContain('teapot');
    expect(naming([0, 0, 0.5, 0.24])).not.toContain('teapot');
  });

  it('is all that is said where the language has nothing to add', () => {
    expect(policy.shortForm(judged([0.9]), -2)).toBeNull();
    expect(policy.shortForm(judged([0.9]), -2.6)).toBe('a close-up of a dog');
    expect(policy.shortForm(judged([0, 0, 0, 0, 0, 0, 0.9]), -2.6)).toBe('a photo of a bus');
    expect(policy.shortForm(judged([]), -9)).toBeNull();
  });
});

describe('confidence', () => {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

  it('goes by the likelihood of the caption and the likeliest label', () => {
    const evidence = Math.log1p(50) / Math.log(101);
    expect(policy.trust(judged([0, 0, 0.5]), -1).confidence).toBeCloseTo(sigmoid(1 - 2 + 0.5 * evidence), 6);
    // What is worn says nothing.
    expect(policy.trust(judged([0, 0, 0, 0, 0.9]), -1).confidence).toBeCloseTo(sigmoid(-1), 6);
  });

  it('is unsure where it is low, and of printed matter', () => {
    expect(policy.trust(judged([]), -1.2).unsure).toBe(true);
    expect(policy.trust(judged([]), 0)).toMatchObject({ unsure: false });
    expect(policy.trust(judged([0, 0, 0, 0, 0, 0.2]), 0)).toMatchObject({ unsure: true });
  });
});

describe('tagsOf', () => {
  it('gives the likeliest labels', () => {
    expect(tagsOf(judged([0.3, 0.3, 0.2, 0.04, 0.06])).map(({ text }) => text)).toEqual(['dog', 'cat', 'shirt']);
  });
});

describe('CaptionWords', () => {
  it.each([
    ['a cat on a teapot', 'a cat on a teapot'],
    ['three cat on a bus', 'three cats on a bus'],
    ['a group of red_panda on a cat', 'a group of red pandas on a cat'],
    ['three of a cat', 'three of a cat'],
    ['a elephant on a owl', 'an elephant on an owl'],
    ['a one', 'a one'],
    ["a man 's shirt", "a man's shirt"],
  ])('says %s as %s', (ids, text) => {
    const said = encode(ids);
    expect(words.text(said)).toBe(text);
    const parts = words.words(said, new Float32Array(said.length), new Float32Array(2 * said.length));
    expect(parts.map((word) => word.text).join(' ')).toBe(text);
  });

  it('gives the words of one token what belongs to it', () => {
    const parts = words.words(encode('a red_panda'), Float32Array.of(0, -1), Float32Array.of(1, 0, 0.25, 0.75));
    expect(parts.map(({ text, probability, attention }) => [text, probability.toFixed(3), ...attention])).toEqual([
      ['a', '1.000', 1, 0],
      ['red', '0.368', 0.25, 0.75],
      ['panda', '0.368', 0.25, 0.75],
    ]);
  });

  it('refuses a vocabulary of another size', () => {
    expect(() => parseCaptionWords(new TextEncoder().encode('a\nb\n'), 3, [])).toThrow(/2 tokens, not 3/);
  });
});

describe('parseCaptionTables', () => {
  const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

  it('reads what training writes, and says where a table is damaged', () => {
    expect(parseCaptionTables(bytes(tables))).toEqual(tables);
    expect(() => parseCaptionTables(bytes({ ...tables, classes: [8] }))).toThrow(/classes/);
    expect(() => parseCaptionTables(bytes({ ...tables, policy: { ...tables.policy, sure: 'yes' } }))).toThrow(
      /policy\.sure/,
    );
    expect(() => parseCaptionTables(new Uint8Array([1, 2]))).toThrow(/damaged/);
  });
});

it.each([
  ['bus', 'buses'],
  ['hot dog', 'hot dogs'],
  ['butterfly', 'butterflies'],
  ['monkey', 'monkeys'],
  ['sheep', 'sheep'],
  ['beach', 'beaches'],
])('the plural of %s is %s', (name, wanted) => {
  expect(plural(name)).toBe(wanted);
});
