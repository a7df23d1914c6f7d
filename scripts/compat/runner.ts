import * as ort from 'onnxruntime-web/wasm';
import type { ConvertedPart } from '../../src/convert/converted.ts';
import type { MarianArchitecture, TransformerArchitecture } from '../../src/protocol/manifest.ts';

type Feeds = Record<string, ort.Tensor>;

/** A converted translator, run one sentence at a time with the whole vocabulary, as its graphs are described in src/convert/marian.ts. */
export class Runner {
  readonly #architecture: MarianArchitecture | TransformerArchitecture;
  readonly #parts: ConvertedPart[];
  readonly #suffix: string;
  readonly #sessions = new Map<string, ort.InferenceSession>();

  /** @param suffix which graphs: `` in 8 bits, `.webgpu` in floats */
  constructor(
    model: { architecture: MarianArchitecture | TransformerArchitecture; parts: ConvertedPart[] },
    suffix: '' | '.webgpu',
  ) {
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
    this.#architecture = model.architecture;
    this.#parts = model.parts;
    this.#suffix = suffix;
  }

  async encode(ids: number[]): Promise<Feeds> {
    const mask = new ort.Tensor('float32', new Float32Array(ids.length).fill(1), [1, ids.length]);
    return this.#run('encoder', { ids: int32(ids, [1, ids.length]), mask });
  }

  /** Log-probabilities of every id after each of the ids of a target, and before the first. */
  async score(memory: Feeds, target: number[]): Promise<Float32Array[]> {
    let states = this.#nothing();
    const steps: Float32Array[] = [];
    for (const [at, id] of [this.#start(), ...target].entries()) {
      const previous = int32([id], [1, 1]);
      const feeds = { ...memory, ...states, position: int64(at), previous, shortlist: this.#everyId() };
      const result = await this.#run('step', feeds);
      const logProbs = result['log_probs']?.data;
      if (!(logProbs instanceof Float32Array)) throw new Error('the step graph gave no log-probabilities');
      steps.push(logProbs);
      states = Object.fromEntries(Object.keys(states).map((name) => [name, tensor(result, `${name}.out`)]));
    }
    return steps;
  }

  /** What greedy search says before the end, up to a number of tokens. */
  async greedy(memory: Feeds, most: number): Promise<number[]> {
    const states = Object.entries(this.#nothing());
    // Here cells have no axis for hypotheses.
    const flat = states.map(([name, cell]) => [
      name,
      cell.dims.length === 3 ? cell.reshape([1, this.#architecture.dim]) : cell,
    ]);
    const feeds = { ...memory, ...(Object.fromEntries(flat) as Feeds), steps: int64(most), position: int64(0) };
    const previous = int32([this.#start()], [1]);
    const result = await this.#run('decoder', { ...feeds, previous, shortlist: this.#everyId() });
    const ids = Array.from(tensor(result, 'ids').data as Int32Array);
    const end = ids.indexOf(this.#architecture.eosId);
    return end < 0 ? ids : ids.slice(0, end);
  }

  #start(): number {
    return this.#architecture.type === 'transformer' ? this.#architecture.startId : -1;
  }

  #everyId(): ort.Tensor {
    const { vocabulary } = this.#architecture;
    return int32(
      Array.from({ length: vocabulary }, (_, id) => id),
      [1, vocabulary],
    );
  }

  /** What the decoder remembers before its first token. */
  #nothing(): Feeds {
    const { type, decoderLayers, heads, dim } = this.#architecture;
    const zeros = (...dims: number[]): ort.Tensor =>
      new ort.Tensor('float32', new Float32Array(dims.reduce((product, size) => product * size, 1)), dims);
    const layers = Array.from({ length: decoderLayers }, (_, i) => i + 1);
    if (type === 'marian-ssru') return Object.fromEntries(layers.map((layer) => [`state.${layer}`, zeros(1, 1, dim)]));
    return Object.fromEntries(
      layers.flatMap((layer) => [
        [`cache.keys.${layer}`, zeros(1, heads, dim / heads, 0)] as const,
        [`cache.values.${layer}`, zeros(1, heads, 0, dim / heads)] as const,
      ]),
    );
  }

  async #run(role: string, feeds: Feeds): Promise<Feeds> {
    let session = this.#sessions.get(role);
    if (!session) {
      const externalData = [{ path: 'weights.bin', data: this.#part('weights.bin') }];
      const graph = this.#part(`${role}${this.#suffix}.onnx`);
      session = await ort.InferenceSession.create(graph, { executionProviders: ['wasm'], externalData });
      this.#sessions.set(role, session);
    }
    return session.run(feeds);
  }

  #part(file: string): Uint8Array {
    const found = this.#parts.find((part) => part.file === file);
    if (!found) throw new Error(`the model has no ${file}`);
    return found.bytes;
  }
}

function tensor(results: Feeds, name: string): ort.Tensor {
  const found = results[name];
  if (!found) throw new Error(`the graph gave no ${name}`);
  return found;
}

const int32 = (values: number[], dims: number[]): ort.Tensor => new ort.Tensor('int32', Int32Array.from(values), dims);
const int64 = (value: number): ort.Tensor => new ort.Tensor('int64', BigInt64Array.of(BigInt(value)), []);
