import type { ConvertedPart } from '../../src/convert/converted.ts';
import type { MarianArchitecture, TransformerArchitecture } from '../../src/protocol/manifest.ts';
import type { Session } from '../../src/worker/runtime/session.ts';
import { beamSearch } from '../../src/worker/seq2seq/beam.ts';
import { greedySearch } from '../../src/worker/seq2seq/greedy.ts';
import type { Hypothesis } from '../../src/worker/seq2seq/search.ts';
import { TranslatorModel } from '../../src/worker/seq2seq/translator.ts';
import { openOnNode } from './session.ts';

interface ConvertedTranslator {
  architecture: MarianArchitecture | TransformerArchitecture;
  parts: ConvertedPart[];
}

const { signal } = new AbortController();
const TOKENS_PER_CALL = 5;

/** The engine's own translator over the graphs of a converted model, with the whole vocabulary. */
export async function openConverted(
  { architecture, parts }: ConvertedTranslator,
  suffix: '' | '.webgpu',
): Promise<TranslatorModel> {
  const part = (file: string): Uint8Array => {
    const found = parts.find((candidate) => candidate.file === file);
    if (!found) throw new Error(`the model has no ${file}`);
    return found.bytes;
  };
  const weights = part('weights.bin');
  const open = (role: string): Promise<Session> => openOnNode(part(`${role}${suffix}.onnx`), weights);
  let step: Promise<Session> | undefined;
  const graphs = {
    encoder: await open('encoder'),
    decoder: await open('decoder'),
    step: () => (step ??= open('step')),
  };
  return new TranslatorModel(graphs, architecture);
}

/** One sentence at a time through a translator. */
export class Runner {
  readonly #model: TranslatorModel;
  readonly #prompt: Int32Array;

  constructor(model: TranslatorModel, prompt: ArrayLike<number> = []) {
    this.#model = model;
    this.#prompt = Int32Array.from(prompt);
  }

  /** Log-probabilities of every id after each of the ids of a target, and before the first. */
  async score(source: number[], target: number[]): Promise<Float32Array[]> {
    const state = await this.#model.start([Int32Array.from(source)], { beams: 1, prompt: this.#prompt, signal });
    const steps: Float32Array[] = [];
    for (const id of [-1, ...target]) {
      steps.push((await this.#model.step(Int32Array.of(id), state, signal)).logProbs);
    }
    return steps;
  }

  /** What greedy search says before the end, up to a number of tokens. */
  async greedy(source: number[], maxTokens: number): Promise<number[]> {
    const [found] = await greedySearch(this.#model, [{ features: Int32Array.from(source), maxTokens }], {
      ...{ signal, tokensPerCall: TOKENS_PER_CALL, callMs: Infinity, isLooping: () => false },
      prompt: this.#prompt,
    });
    return [...(found?.hypotheses[0]?.ids ?? [])];
  }

  /** What beam search finds, the likeliest first. */
  async beam(source: number[], maxTokens: number, beams: number): Promise<Hypothesis[]> {
    const [found] = await beamSearch(this.#model, [{ features: Int32Array.from(source), maxTokens }], {
      ...{ signal, beams, hypotheses: beams, lengthPenalty: 0 },
      prompt: this.#prompt,
    });
    return found?.hypotheses ?? [];
  }
}
