/** Runs in the browser: decodes token ids with a model's graphs, so that the test can hold them to the golden file. */
import { convert, part, TINY } from '../../src/convert/marian.fixture.ts';
import type { GpuCounts } from '../gpuBuffers.ts';
import type { Provider } from '../../src/protocol/types.ts';
import { openSession } from '../../src/worker/runtime/openSession.ts';
import type { Session } from '../../src/worker/runtime/session.ts';
import { pixelPicture } from '../../src/worker/features/image/picture.ts';
import { toPixels } from '../../src/worker/features/image/pixels.ts';
import { beamSearch } from '../../src/worker/seq2seq/beam.ts';
import { HELD, TranslatorModel } from '../../src/worker/seq2seq/translator.ts';
import { openCaptioner } from '../../src/worker/seq2seq/openCaptioner.ts';
import { openModel } from '../../src/worker/store/models.ts';

export interface DecodeRequest {
  model: string;
  /** Whose graphs. */
  graphs: Provider;
  /** Where they run: WebGPU's graphs run on WASM too. */
  on: Provider;
  /** Source ids, end-of-sentence included. Decoded as one batch by `greedy`, one by one by `step`. */
  sources: number[][];
}

export interface Decoded {
  ids: number[];
  logProbs: number[];
  /** One array a token, over the source. */
  attention: number[][];
  /** One array a token: log-probability of every id. Only of `step`. */
  distributions: number[][];
}

/** RGBA, as many rows as columns. */
export interface SeeRequest {
  model: string;
  /** base64 */
  rgba: string;
}

declare global {
  /** What greedy search says of a picture. */
  function captionGreedy(request: SeeRequest): Promise<number[]>;
  function decodeGreedy(request: DecodeRequest): Promise<Decoded[]>;
  /** Has a tiny model make a few tokens on WebGPU as often as the last of `times` says; what was asked of the device by each. */
  function decodeOften(times: readonly number[]): Promise<GpuCounts[]>;
  /** `steps` tokens of each source. */
  function decodeSteps(request: DecodeRequest, steps: number): Promise<Decoded[]>;
}

const { signal } = new AbortController();

/** Few, so that short sentences take several calls, too. */
const TOKENS_A_CALL = 4;

/** The whole vocabulary, as the reference has it. */
const WITHOUT_SHORTLIST = { prompt: new Int32Array(), signal };

async function withModel<T>(
  { model, graphs, on }: DecodeRequest,
  use: (marian: TranslatorModel) => Promise<T>,
): Promise<T> {
  const opened = await openModel(model, { provider: graphs, signal });
  const weights = [{ path: 'weights.bin', data: await opened.part('weights') }];
  const sessions: Session[] = [];
  const open = async (role: string): Promise<Session> => {
    const session = await openSession({
      graph: await opened.part(role),
      weights,
      provider: on,
      threads: 2,
      hold: HELD,
    });
    sessions.push(session);
    return session;
  };
  const { architecture } = opened.manifest;
  if (architecture.type !== 'marian-ssru') throw new Error(`${model} is no Marian student.`);
  let step: Promise<Session> | undefined;
  try {
    return await use(
      new TranslatorModel(
        { encoder: await open('encoder'), decoder: await open('decoder'), step: () => (step ??= open('step')) },
        architecture,
      ),
    );
  } finally {
    for (const session of sessions) await session.release();
  }
}

const rowsOf = (values: Float32Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);

globalThis.decodeGreedy = (request) =>
  withModel(request, async (marian) => {
    const sources = request.sources.map((ids) => Int32Array.from(ids));
    const state = await marian.start(sources, { ...WITHOUT_SHORTLIST, beams: 1 });
    const decoded = sources.map((): Decoded => ({ ids: [], logProbs: [], attention: [], distributions: [] }));
    let live = sources.map((_, i) => i);
    while (live.length > 0) {
      const made = await marian.greedy(state, TOKENS_A_CALL, signal);
      live.forEach((source, row) => {
        const into = decoded[source]!;
        into.ids.push(...made.ids[row]!);
        into.logProbs.push(...made.logProbs[row]!);
        into.attention.push(...rowsOf(made.attention![row]!, sources[source]!.length));
      });
      const going = live.flatMap((_, row) => (made.ids[row]!.at(-1) === marian.eosId ? [] : [row]));
      live = going.map((row) => live[row]!);
      if (live.length > 0) await marian.select(state, Int32Array.from(going));
    }
    marian.dispose(state);
    return decoded;
  });

/** A model of random weights, so small that the software adapter has done with it at once. */
async function tinyModel(): Promise<TranslatorModel> {
  const { model } = convert(TINY);
  const weights = [{ path: 'weights.bin', data: part(model, 'weights.bin') }];
  const open = (role: string): Promise<Session> =>
    openSession({ graph: part(model, `${role}.webgpu.onnx`), weights, provider: 'webgpu', threads: 1, hold: HELD });
  const { architecture } = model;
  return new TranslatorModel(
    { encoder: await open('encoder'), decoder: await open('decoder'), step: () => open('step') },
    architecture,
  );
}

globalThis.decodeOften = async (times) => {
  const model = await tinyModel();
  const sources = [Int32Array.of(5, 9, 2, 0), Int32Array.of(7, 0)];
  const counts: GpuCounts[] = [];
  for (let i = 1; i <= times.at(-1)!; i++) {
    const state = await model.start(sources, { ...WITHOUT_SHORTLIST, beams: 1 });
    await model.greedy(state, 1, signal);
    await model.select(state, Int32Array.of(1));
    await model.greedy(state, 1, signal);
    model.dispose(state);
    if (times.includes(i)) counts.push({ ...gpuCounts });
  }
  return counts;
};

globalThis.decodeSteps = (request, steps) =>
  withModel(request, async (marian) => {
    const decoded: Decoded[] = [];
    for (const source of request.sources) {
      const into: Decoded = { ids: [], logProbs: [], attention: [], distributions: [] };
      const state = await marian.start([Int32Array.from(source)], { ...WITHOUT_SHORTLIST, beams: 1 });
      let last = -1;
      while (into.ids.length < steps && last !== marian.eosId) {
        const { logProbs, attention } = await marian.step(Int32Array.of(last), state, signal);
        last = logProbs.reduce((best, value, id) => (value > logProbs[best]! ? id : best), 0);
        into.ids.push(last);
        into.logProbs.push(logProbs[last]!);
        into.attention.push([...attention!]);
        into.distributions.push([...logProbs]);
      }
      marian.dispose(state);
      decoded.push(into);
    }
    return decoded;
  });

globalThis.captionGreedy = async ({ model: id, rgba }) => {
  const { manifest, part } = await openModel(id, { provider: 'wasm', signal });
  const { architecture } = manifest;
  if (architecture.type !== 'captioner') throw new Error(`${id} is no captioner of ours.`);
  const model = await openCaptioner({ architecture, part, provider: 'wasm', threads: 2, lane: 0, signal });
  const data = Uint8ClampedArray.from(atob(rgba), (letter) => letter.charCodeAt(0));
  const side = Math.sqrt(data.length / 4);
  const features = await model.see(toPixels(pixelPicture(data, side, side), architecture), signal);
  const options = { beams: 1, hypotheses: 1, lengthPenalty: 1, signal };
  const [found] = await beamSearch(model, [{ features, maxTokens: model.maxTokens }], options);
  return [...(found?.hypotheses[0]?.ids ?? [])];
};
