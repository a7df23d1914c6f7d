import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseLexicon } from '../../formats/lexicon.ts';
import { parseSentencePiece } from '../../formats/sentencepiece.ts';
import { parse } from 'valibot';
import { manifestSchema } from '../../protocol/manifest.ts';
import { createTokeniser, type Tokeniser } from '../features/tokeniser.ts';
import { openSession } from '../runtime/openSession.ts';
import type { Session } from '../runtime/session.ts';
import { beamSearch } from './beam.ts';
import { greedySearch } from './greedy.ts';
import { TranslatorModel } from './translator.ts';
import type { Lexicon } from './model.ts';
import type { Found } from './search.ts';

const folder = new URL('../../../models/en-pt/', import.meta.url);
const unpacked = (file: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(new URL(file, folder))));
const { signal } = new AbortController();

let model: TranslatorModel;
let tokeniser: Tokeniser;
let allowed: Lexicon;
let stepsOpened = 0;

beforeAll(async () => {
  const manifest = parse(manifestSchema, JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')));
  const weights = [{ path: 'weights.bin', data: unpacked('weights.bin.gz') }];
  const open = (role: string): Promise<Session> =>
    openSession({ graph: unpacked(`${role}.onnx.gz`), weights, provider: 'wasm', threads: 1 });
  let step: Promise<Session> | undefined;
  const graphs = {
    encoder: await open('encoder'),
    decoder: await open('decoder'),
    step: () => {
      stepsOpened++;
      return (step ??= open('step'));
    },
  };
  const { architecture } = manifest;
  if (architecture.type !== 'marian-ssru') throw new Error('The model is no Marian student.');
  model = new TranslatorModel(graphs, architecture);
  tokeniser = createTokeniser(parseSentencePiece(unpacked('vocab.spm.gz')));
  allowed = parseLexicon(unpacked('lexicon.bin.gz'));
}, 60_000);

const SENTENCES = [
  'The children were playing happily in the garden.',
  'How are you?',
  'The European Parliament voted on Tuesday to adopt new rules on artificial intelligence.',
  'No.',
];

const jobs = () =>
  SENTENCES.map((text) => ({ features: Int32Array.from([...tokeniser.encode(text).ids, 0]), maxTokens: 40 }));
const texts = (found: Found[]): string[] =>
  found.map(({ hypotheses }) => tokeniser.decode(hypotheses[0]?.ids ?? []).text);

function greedy(sources: ReturnType<typeof jobs>, tokensPerCall: number): Promise<Found[]> {
  return greedySearch(model, sources, { signal, tokensPerCall, callMs: 1e9, isLooping: () => false, allowed });
}

function beam(sources: ReturnType<typeof jobs>, beams: number): Promise<Found[]> {
  return beamSearch(model, sources, { beams, hypotheses: beams, lengthPenalty: 1, allowed, signal });
}

describe('TranslatorModel', () => {
  it('translates', async () => {
    const found = texts(await greedy(jobs(), 16));
    expect(found[0]).toBe('As crianças estavam brincando alegremente no jardim.');
    expect(found[1]).toBe('Como você está?');
    expect(stepsOpened).toBe(0);
  });

  it('says the same in calls of any length, in any batch, and token by token', async () => {
    const sixteen = await greedy(jobs(), 16);
    const three = await greedy(jobs(), 3);
    const alone = (await Promise.all(jobs().map((job) => greedy([job], 16)))).flat();
    const stepped = await beam(jobs(), 1);
    for (const found of [three, alone, stepped]) {
      expect(texts(found)).toEqual(texts(sixteen));
      found.forEach(({ hypotheses: [a] }, i) => {
        const b = sixteen[i]?.hypotheses[0];
        expect(a?.score).toBeCloseTo(b?.score ?? NaN, 2);
        expect(a?.ended).toBe(true);
      });
    }
  });

  it('gives attention over the source of each row, padding left out', async () => {
    const found = await greedy(jobs(), 8);
    found.forEach(({ hypotheses: [best] }, i) => {
      const { length } = jobs()[i]?.features ?? [];
      expect(best?.sourceLength).toBe(length);
      for (let t = 0; t < (best?.ids.length ?? 0); t++) {
        const row = best?.attention?.subarray(t * length, (t + 1) * length);
        expect(row?.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 3);
      }
    });
  });

  it('finds no worse with four beams, and different hypotheses', async () => {
    const one = await beam(jobs(), 1);
    const four = await beam(jobs(), 4);
    four.forEach(({ hypotheses }, i) => {
      expect(hypotheses[0]?.score).toBeGreaterThanOrEqual((one[i]?.hypotheses[0]?.score ?? 0) - 1e-3);
      expect(new Set(hypotheses.map(({ ids }) => ids.join())).size).toBe(hypotheses.length);
    });
  });

  it('chooses from the whole vocabulary without a shortlist', async () => {
    const everything = await greedySearch(model, jobs().slice(0, 1), {
      ...{ signal, tokensPerCall: 16, callMs: 1e9, isLooping: () => false },
    });
    expect(texts(everything)[0]).toBe('As crianças estavam brincando alegremente no jardim.');
  });

  it('says only what the shortlist allows', async () => {
    const few: Lexicon = { allowed: () => Int32Array.of(0, 5, 9, 11) };
    const found = await greedySearch(model, jobs(), {
      ...{ signal, tokensPerCall: 4, callMs: 1e9, isLooping: () => false, allowed: few },
    });
    expect(
      found.flatMap(({ hypotheses }) => [...(hypotheses[0]?.ids ?? [])]).every((id) => [5, 9, 11].includes(id)),
    ).toBe(true);
  });
});
