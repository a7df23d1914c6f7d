import { describe, expect, it } from 'vitest';
import type { ListenEvent } from '../../protocol/messages.ts';
import type { SpokenWord } from '../features/segments.ts';
import { LiveCaptions } from './liveCaptions.ts';
import type { Heard, Speech } from './recogniser.ts';

const RATE = 16_000;
const TIME0 = 1000;

interface Said {
  text: string;
  startS: number;
  endS: number;
}

/** Words, one after another from `startS` on, a third of a second each; `|` is a second of silence. */
function script(text: string, startS = 1): Said[] {
  const said: Said[] = [];
  let atS = startS;
  for (const word of text.split(' ')) {
    if (word !== '|') said.push({ text: ` ${word}`, startS: atS, endS: atS + 0.33 });
    atS += word === '|' ? 1 : 0.33;
  }
  return said;
}

interface World {
  said: Said[];
  /** What is heard of a word while it is the last one in the audio. */
  misheard?: (word: Said, speech: Speech) => string;
  /** How a pass goes wrong. */
  spoil?: (heard: Heard, careful: boolean) => void;
}

/**
 * A speaker, whose samples are 1 while he speaks, and a recogniser that hears his words. The id of word n is n + 1; a pass
 * that is made to begin with other ids than those of the words it hears there fails the test.
 */
function world({ said, misheard = (word) => word.text, spoil }: World) {
  const passes: { fromS: number; toS: number; careful: boolean; agreed: number[] }[] = [];
  const events: (ListenEvent & { atS: number })[] = [];
  let nowS = 0;
  const captions = new LiveCaptions({
    voice: {
      windowSamples: 512,
      probabilities: (samples) =>
        Promise.resolve(Float32Array.from({ length: samples.length / 512 }, (_, i) => samples[i * 512 + 256] ?? 0)),
    },
    hear: (speech, { agreed, careful }) => {
      const endS = speech.startS + speech.samples.length / RATE;
      passes.push({ fromS: speech.startS, toS: endS, careful, agreed: [...agreed] });
      const whole = said
        .map((word, n) => ({ ...word, id: n + 1 }))
        .filter(({ startS }) => startS > speech.startS - 0.2 && startS < endS - 0.05);
      const forced = [...agreed].filter((id) => id < TIME0);
      expect(whole.slice(0, forced.length).map(({ id }) => id)).toEqual(forced);
      const begun = agreed.length > 0 ? [] : [TIME0];
      const rest = whole.slice(forced.length);
      const words = rest.map((word, i): SpokenWord => ({
        text: word.endS > endS ? misheard(word, speech) : word.text,
        startS: word.startS,
        endS: Math.min(word.endS, endS),
        probability: 1,
        idsEnd: begun.length + i + 1,
      }));
      const ids = Int32Array.from([...begun, ...rest.map(({ id }) => id), TIME0 + 50]);
      const heard: Heard = {
        segments: words.length > 0 ? [{ words, timesS: [null, null] }] : [],
        ids,
        silent: false,
        reliable: true,
        spoken: { language: 'en' },
        languageSure: true,
      };
      spoil?.(heard, careful);
      return Promise.resolve(heard);
    },
    emit: (event) => events.push({ ...event, atS: nowS }),
    words: true,
    firstTimeId: TIME0,
  });
  return {
    passes,
    events,
    captions,
    async listen(toS: number, waitingS: (atS: number) => number = () => 0, pieceS = 0.032) {
      const length = Math.round(pieceS * RATE);
      while (nowS < toS) {
        const from = Math.round(nowS * RATE);
        const samples = Float32Array.from({ length }, (_, i) =>
          said.some(({ startS, endS }) => (from + i) / RATE >= startS && (from + i) / RATE < endS) ? 1 : 0,
        );
        nowS += pieceS;
        await captions.push(samples, waitingS(nowS));
      }
    },
    text: (type: 'phrase') => events.filter((event) => event.type === type).map(({ segment }) => segment.text),
  };
}

/**
 * Replays events as a screen does, and fails where stable text changes: a phrase begins with its stable words or, where it was
 * cut, ends within them, and the rest of them is told again.
 */
function replay(events: ListenEvent[]): string[] {
  const phrases: string[] = [];
  let stable = '';
  let carried = '';
  for (const event of events) {
    if (event.type === 'stable') {
      stable += event.words.map(({ text }) => text).join('');
      if (carried !== '') expect(stable).toBe(carried);
      carried = '';
    }
    if (event.type !== 'phrase') continue;
    const { text, words } = event.segment;
    if (stable.trimStart().startsWith(text)) carried = stable.trimStart().slice(text.length);
    else expect(text.startsWith(stable.trimStart())).toBe(true);
    expect(words?.map((word) => word.text).join('')).toBe(text);
    phrases.push(text);
    stable = '';
  }
  return phrases;
}

describe('LiveCaptions', () => {
  it('tells a phrase soon after its voice ended', async () => {
    const said = script('the house is blue. | |');
    const { listen, events } = world({ said });
    await listen(5);
    expect(replay(events)).toEqual(['the house is blue.']);
    const phrase = events.find((event) => event.type === 'phrase');
    expect(phrase?.type === 'phrase' && phrase.spokenEndS).toBeCloseTo(said.at(-1)!.endS, 1);
    expect(phrase!.atS - said.at(-1)!.endS).toBeLessThan(0.6);
  });

  it('waits a little longer where the sentence is not over', async () => {
    const said = script('the house is | | blue. | |');
    const { listen, events } = world({ said });
    await listen(8);
    expect(replay(events)).toEqual(['the house is', 'blue.']);
    const delayS = events.find((event) => event.type === 'phrase')!.atS - said[2]!.endS;
    expect(delayS).toBeGreaterThan(0.6);
    expect(delayS).toBeLessThan(0.8);
  });

  it('makes words stable that two passes agree on, and shows the others as the tail', async () => {
    const said = script('one two three four five six seven eight nine ten. | |');
    // The last word is misheard in another way at every pass.
    const { listen, events, passes } = world({
      said,
      misheard: (word, { samples }) => ` ${word.text.trim()}${samples.length}`,
    });
    await listen(7);
    expect(replay(events)).toEqual(['one two three four five six seven eight nine ten.']);
    const stable = events.filter((event) => event.type === 'stable');
    expect(stable.length).toBeGreaterThan(2);
    expect(stable[0]!.atS).toBeLessThan(2.6);
    expect(events.some((event) => event.type === 'tail' && /\d$/.test(event.text))).toBe(true);
    // What is stable is not heard anew.
    expect(passes.at(-1)!.agreed.length).toBeGreaterThan(3);
  });

  it('never changes stable words, although a later pass would', async () => {
    const said = script('one two three four five six seven eight. | |');
    let count = 0;
    const spoil = (heard: Heard): void => {
      if (++count < 4) return;
      for (const word of heard.segments.flatMap(({ words }) => words)) word.text = word.text.toUpperCase();
    };
    const { listen, events } = world({ said, spoil });
    await listen(7);
    expect(replay(events)[0]).toMatch(/^one two.*EIGHT\.$/);
  });

  it('cuts speech without a pause, and loses nothing and says nothing twice', async () => {
    const text = Array.from({ length: 180 }, (_, i) => `w${i}${i % 12 === 11 ? '.' : ''}`).join(' ');
    const { listen, events, passes } = world({ said: script(`${text} | |`) });
    await listen(65);
    expect(replay(events).join(' ')).toBe(text);
    expect(Math.max(...passes.map(({ fromS, toS }) => toS - fromS))).toBeLessThan(16);
    const words = events.flatMap((event) => (event.type === 'phrase' ? (event.segment.words ?? []) : []));
    for (const [i, word] of words.entries())
      expect(word.startS).toBeGreaterThanOrEqual((words[i - 1]?.endS ?? 0) - 1e-6);
  });

  it('ends a long phrase in a short pause, at once', async () => {
    const text = 'a b c d e f g h i j k';
    const said = [...script(text), ...script('and on and on', 1 + 11 * 0.33 + 0.25)];
    const { listen, events } = world({ said });
    await listen(8);
    expect(replay(events)).toEqual([text, 'and on and on']);
    const phrase = events.find((event) => event.type === 'phrase');
    expect(phrase!.atS - said[10]!.endS).toBeLessThan(0.3);
  });

  it('notices a pause that began and ended while it was busy', async () => {
    const text = 'a b c d e f g h i j k';
    const said = [...script(text), ...script('and on and on. | |', 1 + 11 * 0.33 + 0.25)];
    const { listen, events, passes } = world({ said });
    await listen(8, () => 0, 1);
    expect(replay(events)).toEqual([text, 'and on and on.']);
    const [phrase] = events.filter((event) => event.type === 'phrase');
    expect(phrase?.spokenEndS).toBeCloseTo(said[10]!.endS, 1);
    // The pass that it ended with did not hear what came after the pause.
    expect(passes.some(({ toS }) => Math.abs(toS - said[10]!.endS) < 0.25)).toBe(true);
  });

  it('does not end a short phrase in a short pause', async () => {
    const said = [...script('a b c'), ...script('and on and on. | |', 1 + 3 * 0.33 + 0.25)];
    const { listen, events } = world({ said });
    await listen(6);
    expect(replay(events)).toEqual(['a b c and on and on.']);
  });

  it('tells nothing of sounds that are no speech', async () => {
    const nothing = (heard: Heard): void => void (heard.silent = true);
    const { listen, events } = world({ said: script('hm hm hm | | hm hm | |'), spoil: nothing });
    await listen(9);
    expect(events.filter(({ type }) => type === 'stable' || type === 'phrase')).toEqual([]);
  });

  it('tells nothing of what cannot be believed, but keeps what was stable', async () => {
    const said = script('one two three four five six seven eight. | |');
    const spoil = (heard: Heard): void => {
      heard.reliable = !heard.segments.some(({ words }) => words.some(({ text }) => text.includes('eight')));
    };
    const { listen, events, passes } = world({ said, spoil });
    await listen(7);
    expect(replay(events)[0]).toMatch(/^one two/);
    expect(replay(events)[0]).not.toContain('eight');
    expect(passes.filter(({ careful }) => careful)).toHaveLength(1);
  });

  it('says when it is behind, works it off without passes between, and says when it has caught up', async () => {
    const said = script('one two three. | | four five six. | | seven. | |');
    const { listen, events, passes } = world({ said });
    await listen(11, (atS) => Math.max(0, 10 - atS), 1);
    expect(replay(events)).toEqual(['one two three.', 'four five six.', 'seven.']);
    const behind = events.flatMap((event) => (event.type === 'behind' ? [event.seconds] : []));
    expect(behind[0]).toBeCloseTo(9, 1);
    expect(behind.at(-1)).toBe(0);
    // One for each phrase.
    expect(passes.filter(({ toS }) => toS < 8)).toHaveLength(3);
  });

  it('finishes the open phrase when no more sound comes', async () => {
    const { listen, captions, events } = world({ said: script('one two three four') });
    await listen(2);
    expect(captions.open).toBe(true);
    await captions.finish();
    expect(replay(events)).toEqual(['one two three']);
    expect(captions.open).toBe(false);
    await captions.finish();
    expect(captions.segments).toHaveLength(1);
  });
});
