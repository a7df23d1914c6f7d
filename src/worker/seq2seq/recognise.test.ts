import { describe, expect, it } from 'vitest';
import { logSoftmax, TableModel } from './fixtures/tableModel.ts';
import { tinyWhisper } from './fixtures/tinyWhisper.ts';
import type { StartOptions } from './model.ts';
import { recognise, TEMPERATURES, type RecogniseOptions, type Utterance } from './recognise.ts';

const { eotId, timestampBeginId: time0, vocabulary } = tinyWhisper;

/** What is said of a source, whose ids are [what, length of the context]. */
type Script = (what: number, context: number, sampled: boolean) => { ids: number[]; sure?: number; noSpeech?: number };

type SpeechState = Awaited<ReturnType<TableModel['start']>> & { noSpeech: Float32Array };

/** Speaks a script; a state knows from its beams whether it is sampled from. */
class ScriptedSpeech extends TableModel {
  override readonly eosId = eotId;
  readonly starts: { what: number[]; context: number[]; beams: number; prompt: number[] }[] = [];
  readonly #script: Script;
  /** How the last batch was started. */
  readonly #started: { beams: number; prompt: number[] };

  constructor(script: Script) {
    const started = { beams: 1, prompt: [] as number[] };
    super((source, prefix) => {
      const { ids, sure = 12 } = script(source[0]!, source[1]!, started.beams > 1);
      const wanted = [...ids, eotId][prefix.length + Math.max(0, started.prompt.length - 1)] ?? eotId;
      return logSoftmax(Array.from({ length: vocabulary }, (_, id) => (id === wanted ? sure : 0)));
    });
    this.#script = script;
    this.#started = started;
  }

  override async start(sources: Int32Array[], options: StartOptions): Promise<SpeechState> {
    const { beams } = options;
    const prompt = [...options.prompt];
    Object.assign(this.#started, { beams, prompt });
    this.starts.push({ what: sources.map((s) => s[0]!), context: sources.map((s) => s[1]!), beams, prompt });
    const noSpeech = Float32Array.from(
      sources,
      ([what, context]) => this.#script(what!, context!, false).noSpeech ?? 0,
    );
    return { ...(await super.start(sources, options)), noSpeech };
  }
}

const utterance = (what: number, full = true): Utterance<Int32Array> => ({
  features: () => Int32Array.of(what, 10),
  fullFeatures: full ? () => Int32Array.of(what, 30) : null,
  durationS: 5,
});

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
  it('takes what greedy search says where it looks right, with the short context', async () => {
    const { model, found } = await run(() => ({ ids: good, noSpeech: 0.25 }), [1, 2]);
    expect(found).toMatchObject([
      { reliable: true, silent: false, noSpeech: 0.25 },
      { reliable: true, silent: false },
    ]);
    expect([...found[0]!.hypothesis.ids]).toEqual(good);
    expect(model.starts).toMatchObject([{ what: [1, 2], context: [10, 10], beams: 1, prompt: [11] }]);
  });

  it('tries only what went round in circles again, with the full context', async () => {
    const script: Script = (what, context) => ({ ids: what === 1 && context === 10 ? loop : good });
    const { model, found } = await run(script, [1, 2]);
    expect(found.map(({ hypothesis }) => [...hypothesis.ids])).toEqual([good, good]);
    expect(model.starts.map(({ what, context }) => [what, context])).toEqual([
      [
        [1, 2],
        [10, 10],
      ],
      [[1], [30]],
    ]);
  });

  it('samples where the full context does not help either, warmer and warmer', async () => {
    const script: Script = (_, __, sampled) => (sampled ? { ids: good } : { ids: loop });
    const { model, found } = await run(script, [1]);
    expect([...found[0]!.hypothesis.ids]).toEqual(good);
    expect(model.starts.map(({ context, beams }) => [context[0], beams])).toEqual([
      [10, 1],
      [30, 1],
      [30, 5],
    ]);
  });

  it('does not believe what is unlikely, or compresses too well', async () => {
    const unlikely = await run(() => ({ ids: good, sure: 3 }), [1]);
    expect(unlikely.found[0]).toMatchObject({ reliable: false, silent: false });
    expect(unlikely.model.starts).toHaveLength(2 + TEMPERATURES.length);
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
