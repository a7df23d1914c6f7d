import { beforeAll, describe, expect, it } from 'vitest';
import { openHubWhisperCase, saidIn, spokenFeatures, writeHub } from '../../../scripts/compat/hubRunner.ts';
import { parseBytePair } from '../features/bytePair.ts';

const { signal } = new AbortController();

describe.each(['whisper', 'whisper.en'])('%s of the Hub', (name) => {
  let open: Awaited<ReturnType<typeof openHubWhisperCase>>;

  beforeAll(async () => {
    open = await openHubWhisperCase(name);
  });

  /** The windows with the prompt of their first task, their second... */
  const tasks = () =>
    (open.windows[0]?.runs ?? []).map((_, task) =>
      open.windows.map(({ kind, runs }) => ({
        kind,
        ...(runs[task] ?? { prompt: [], greedy: [], beams: [], text: '' }),
      })),
    );

  it.each([
    [1, 'greedy'],
    [4, 'beams'],
  ] as const)('writes with %i beams what transformers writes, several windows at once', async (beams, way) => {
    for (const windows of tasks()) {
      const written = (await writeHub(open, windows, beams)).map((found) => saidIn(open, found));
      expect(written).toEqual(windows.map((window) => window[way]));
    }
  });

  it('says what it writes as the tokeniser of the Hub does', () => {
    const file = open.parts.find(({ role }) => role === 'tokeniser')?.bytes ?? new Uint8Array();
    const { decode } = parseBytePair(file);
    for (const { greedy, text } of tasks().flat()) expect(decode(greedy)).toBe(text);
  });

  it('knows how likely it is that nobody speaks, and each language', async () => {
    const mels = open.windows.map(({ kind }) => spokenFeatures(open.architecture, kind));
    const heard = await open.model.hear(mels, signal);
    const languages = await open.model.languages(heard, signal);
    const [first] = tasks();
    const prompt = Int32Array.from(first?.[0]?.prompt ?? []);
    const state = await open.model.start(heard, { beams: 2, prompt, signal });
    open.windows.forEach((window, i) => {
      expect(Math.log(state.noSpeech[i] ?? NaN)).toBeCloseTo(Math.log(window.noSpeech), 2);
      expect(languages[i]).toHaveLength(window.languages.length);
      window.languages.forEach((chance, at) => expect(languages[i]?.[at]).toBeCloseTo(chance, 4));
    });
  });
});

describe('attention', () => {
  it('is that of the alignment heads, where the graphs give it', async () => {
    const open = await openHubWhisperCase('whisper');
    const [run] = open.windows[0]?.runs ?? [];
    const [found] = await writeHub(open, [{ kind: 0, prompt: run?.prompt ?? [] }], 1);
    const heads = open.architecture.alignmentHeads.length;
    expect(open.architecture.alignmentHeads).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(found?.sourceLength).toBe(heads * 1500);
    expect(run?.attention?.length).toBe(3);
    run?.attention?.forEach((token, t) =>
      token.forEach((head, h) =>
        head.forEach((value, i) => expect(found?.attention?.[(t * heads + h) * 1500 + 100 * i]).toBeCloseTo(value, 5)),
      ),
    );
  });

  it('is absent where they do not', async () => {
    const open = await openHubWhisperCase('whisper.en');
    const [found] = await writeHub(open, [{ kind: 0, prompt: [open.architecture.sotId] }], 1);
    expect(open.architecture.alignmentHeads).toEqual([]);
    expect(found?.attention).toBeUndefined();
  });
});

describe('a Whisper of the Hub', () => {
  it('hears silence after what it was given', async () => {
    const { model, architecture } = await openHubWhisperCase('whisper.en');
    const { mels, frames } = architecture;
    const short = { data: new Float32Array(mels * 40).map((_, i) => (i % 40 < 30 ? Math.sin(i) : -0.5)), frames: 40 };
    const data = Float32Array.from({ length: mels * frames }, (_, i) =>
      i % frames < 40 ? (short.data[Math.floor(i / frames) * 40 + (i % frames)] ?? 0) : -0.5,
    );
    const [one, other] = await model.hear(
      [
        { ...short, heard: 30 },
        { data, frames, heard: 30 },
      ],
      signal,
    );
    expect(one?.memory).toEqual(other?.memory);
  });

  it('stops when it is told', async () => {
    const { model, architecture } = await openHubWhisperCase('whisper.en');
    const abort = new AbortController();
    const heard = await model.hear([spokenFeatures(architecture, 0)], signal);
    const state = await model.start(heard, { beams: 1, prompt: Int32Array.of(architecture.sotId), signal });
    abort.abort();
    await expect(model.step(Int32Array.of(0), state, abort.signal)).rejects.toMatchObject({ code: 'aborted' });
  });
});
