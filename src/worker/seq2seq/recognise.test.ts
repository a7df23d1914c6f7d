import { describe, expect, it } from 'vitest';
import { logSoftmax, TableModel } from './fixtures/tableModel.ts';
import { tinyWhisper } from './fixtures/tinyWhisper.ts';
import type { StartOptions } from './model.ts';
import { recognise, TEMPERATURES, type RecogniseOptions, type Utterance } from './recognise.ts';

const { eotId, timestampBeginId: time0, vocabulary } = tinyWhisper;

/** What is said of a source, whose only id is `what`, when so many tries have begun. */
type Script = (what: number, tries: number) => { ids: number[]; sure?: number; noSpeech?: number };

type SpeechState = Awaited<ReturnType<TableModel['start']>> & { noSpeech: Float32Array };

/** Speaks a script. */
class ScriptedSpeech extends TableModel {
  override readonly eosId = eotId;
  readonly starts: { what: number[]; beams: number; prompt: number[] }[] = [];
  readonly #script: Script;
  /** How many tries have begun, and the prompt of the last. */
  readonly #started: { tries: number; prompt: number[] };

  constructor(script: Script) {
    const started = { tries: 0, prompt: [] as number[] };
    super((source, prefix) => {
      const { ids, sure = 12 } = script(source[0]!, started.tries);
      const wanted = [...ids, eotId][prefix.length + Math.max(0, started.prompt.length - 1)] ?? eotId;
      return logSoftmax(Array.from({ length: vocabulary }, (_, id) => (id === wanted ? sure : 0)));
    });
    this.#script = script;
    this.#started = started;
  }

  override async start(sources: Int32Array[], options: StartOptions): Promise<SpeechState> {
    const { beams } = options;
    const prompt = [...options.prompt];
    const tries = this.#started.tries + 1;
    Object.assign(this.#started, { tries, prompt });
    this.starts.push({ what: sources.map((s) => s[0]!), beams, prompt });
    const noSpeech = Float32Array.from(sources, ([what]) => this.#script(what!, tries).noSpeech ?? 0);
    return { ...(await super.start(sources, options)), noSpeech };
  }
}

const utterance = (what: number): Utterance<Int32Array> => ({ features: Int32Array.of(what), durationS: 5 });

const options = (over: Partial<RecogniseOptions> = {}): RecogniseOptions => ({
  architecture: tinyWhisper,
  prompt: Int32Array.of(11),
  beams: 1,
  temperatures: TEMPERATURES,
  compressionRatio: () => Promise.resolve(1),
  signal: new AbortController().signal,
  ...over,
});

const run = async (script: Script, what: number[], over: Partial<RecogniseOptions> = {}) => {
  const model = new ScriptedSpeech(script);
  const found = await recognise<Int32Array, SpeechState>(
    model,
    what.map((id) => utterance(id)),
    options(over),
  );
  return { model, found };
};

const good = [time0, 1, 2, time0 + 20];
const loop = [time0, ...Array.from({ length: 12 }, (_, i) => [1, 2, 4][i % 3]!)];

describe('recognise', () => {
  it('takes what greedy search says where it looks right', async () => {
    const { model, found } = await run(() => ({ ids: good, noSpeech: 0.25 }), [1, 2]);
    expect(found).toMatchObject([
      { reliable: true, silent: false, noSpeech: 0.25 },
      { reliable: true, silent: false },
    ]);
    expect([...found[0]!.hypothesis.ids]).toEqual(good);
    expect(model.starts).toMatchObject([{ what: [1, 2], beams: 1, prompt: [11] }]);
  });

  it('samples only what went round in circles, warmer and warmer', async () => {
    const script: Script = (what, tries) => ({ ids: what === 1 && tries < 3 ? loop : good });
    const { model, found } = await run(script, [1, 2]);
    expect(found.map(({ hypothesis }) => [...hypothesis.ids])).toEqual([good, good]);
    expect(model.starts.map(({ what, beams }) => [what, beams])).toEqual([
      [[1, 2], 1],
      [[1], 5],
      [[1], 5],
    ]);
  });

  it('does not believe what is unlikely, or compresses too well', async () => {
    const unlikely = await run(() => ({ ids: good, sure: 3 }), [1]);
    expect(unlikely.found[0]).toMatchObject({ reliable: false, silent: false });
    expect(unlikely.model.starts).toHaveLength(1 + TEMPERATURES.length);
    const dense = await run(() => ({ ids: good }), [1], { compressionRatio: () => Promise.resolve(3.1) });
    expect(dense.found[0]?.reliable).toBe(false);
  });

  it('hears silence in what is unlikely and probably none', async () => {
    const { model, found } = await run(() => ({ ids: good, sure: 3, noSpeech: 0.9 }), [1]);
    expect(found[0]).toMatchObject({ silent: true, reliable: true });
    expect(model.starts).toHaveLength(1);
    const sure = await run(() => ({ ids: good, noSpeech: 0.9 }), [1]);
    expect(sure.found[0]).toMatchObject({ silent: false });
  });

  it('says a loop once where nothing helps', async () => {
    const { found } = await run(() => ({ ids: loop }), [1], { temperatures: [] });
    expect(found[0]).toMatchObject({ reliable: false });
    expect([...found[0]!.hypothesis.ids]).toEqual([time0, 1, 2, 4]);
    expect(found[0]!.hypothesis.logProbs).toHaveLength(4);
  });

  it('begins with what was agreed', async () => {
    const { model, found } = await run(() => ({ ids: good }), [1], { agreed: Int32Array.of(time0, 1) });
    expect(model.starts[0]?.prompt).toEqual([11, time0, 1]);
    expect([...found[0]!.hypothesis.ids]).toEqual([2, time0 + 20]);
  });

  it('stops when it is told to', async () => {
    await expect(run(() => ({ ids: good }), [1], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});
