import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { convertTransformer, type ConvertedTransformer } from '../../src/convert/ctranslate2.ts';
import type { Comparison } from './marian.ts';
import { specialTokens, withAround } from '../../src/worker/features/specialTokens.ts';
import { loadTokenisers } from '../../src/worker/tasks/loadTokenisers.ts';
import { piecesOf } from '../../src/convert/marian.fixture.ts';
import { parseTokenList } from '../../src/formats/tokenList.ts';
import { openConverted, Runner } from './runner.ts';

/** Models of every option, and what CTranslate2 itself makes of them (scripts/reference/ctranslate2_golden.py). */
const tokens = v.array(v.string());
const searched = { greedy: tokens, beams: v.array(tokens) };
const files = v.record(v.string(), v.string());
const goldenSchema = v.object({
  cases: v.array(
    v.object({
      name: v.string(),
      files,
      prefix: tokens,
      sentences: v.array(v.object({ source: tokens, target: tokens, logProbs: v.array(v.number()), ...searched })),
    }),
  ),
  texts: v.array(
    v.object({
      name: v.string(),
      files,
      sentencePiece: v.string(),
      sourceSentencePiece: v.optional(v.string()),
      targetPrefix: v.optional(v.string()),
      sentences: v.array(v.object({ text: v.string(), pieces: tokens, ...searched, said: v.string() })),
    }),
  ),
  refused: v.array(v.object({ name: v.string(), model: v.string() })),
});
export type Case = v.InferOutput<typeof goldenSchema>['cases'][number];
export type TextCase = v.InferOutput<typeof goldenSchema>['texts'][number];

export const golden = v.parse(
  goldenSchema,
  JSON.parse(gunzipSync(readFileSync(new URL('ctranslate2.golden.json.gz', import.meta.url))).toString()),
);

export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** The files that CTranslate2 writes, by what the converter calls them. */
function modelFiles(files: Case['files']): Omit<Parameters<typeof convertTransformer>[0], 'sentencePiece'> {
  const file = (name: string): Uint8Array => fromBase64(files[name] ?? '');
  const model = { model: file('model.bin'), config: file('config.json') };
  return 'shared_vocabulary.json' in files
    ? { ...model, vocabulary: file('shared_vocabulary.json') }
    : { ...model, vocabulary: file('target_vocabulary.json'), sourceVocabulary: file('source_vocabulary.json') };
}

export function convertCase({ files }: Case): ConvertedTransformer {
  const model = modelFiles(files);
  return convertTransformer({
    ...model,
    sentencePiece: piecesOf(parseTokenList(model.vocabulary)),
    ...(model.sourceVocabulary && { sourceSentencePiece: piecesOf(parseTokenList(model.sourceVocabulary)) }),
  });
}

/** @param others files in place of the case's own */
export function convertText(
  { files, sentencePiece, sourceSentencePiece, targetPrefix }: TextCase,
  others: Partial<Parameters<typeof convertTransformer>[0]> = {},
): ConvertedTransformer {
  return convertTransformer({
    ...modelFiles(files),
    sentencePiece: fromBase64(sentencePiece),
    ...(sourceSentencePiece && { sourceSentencePiece: fromBase64(sourceSentencePiece) }),
    ...(targetPrefix && { targetPrefix }),
    ...others,
  });
}

/** The vocabularies among a model's parts. */
export function tokensOf({ parts }: ConvertedTransformer): { source: string[]; target: string[] } {
  const list = (role: string): string[] | null => {
    const part = parts.find((candidate) => candidate.role === role);
    return part ? parseTokenList(part.bytes) : null;
  };
  const target = list('tokens') ?? [];
  return { source: list('source-tokens') ?? target, target };
}

/** As many tokens as the golden file lets a search say, and its beams. */
const GREEDY_TOKENS = 12;
const BEAM_TOKENS = 10;
const BEAMS = 4;

interface SearchComparison extends Comparison {
  /** Whether beam search finds the same hypotheses in the same order. */
  sameBeams: boolean;
}

/** What the engine's translator makes of a case, beside what CTranslate2 makes of it. */
export async function compareCase(one: Case, suffix: '' | '.webgpu'): Promise<SearchComparison> {
  const model = convertCase(one);
  const { before = [], after = [], eosId } = model.architecture;
  const { source: sourceTokens, target: targetTokens } = tokensOf(model);
  const idsOf = (tokens: string[]): number[] => tokens.map((token) => targetTokens.indexOf(token));
  const opened = await openConverted(model, suffix);
  const prompted = new Runner(opened, idsOf(one.prefix));
  const result = { worst: 0, sameWords: true, sameBeams: true };
  for (const { source, target, logProbs, ...searched } of one.sentences) {
    const sourceIds = [...before, ...source.map((token) => sourceTokens.indexOf(token)), ...after];
    const ids = idsOf(target);
    const steps = await new Runner(opened).score(sourceIds, ids);
    if (steps.length !== logProbs.length) throw new Error('another number of tokens');
    [...ids, eosId].forEach((id, t) => {
      result.worst = Math.max(result.worst, Math.abs((steps[t]?.[id] ?? NaN) - (logProbs[t] ?? NaN)));
    });
    const found = await compareSearches(prompted, sourceIds, searched, idsOf);
    result.sameWords &&= found.sameWords;
    result.sameBeams &&= found.sameBeams;
  }
  return result;
}

/** What the engine makes of sentences, from text to text, beside what SentencePiece and CTranslate2 make of them. */
export async function compareText(one: TextCase, suffix: '' | '.webgpu') {
  const model = convertText(one);
  const { source: sourceTokens, target: targetTokens } = tokensOf(model);
  const idsOf = (tokens: string[]): number[] => tokens.map((token) => targetTokens.indexOf(token));
  const { source, target } = await loadTokenisers(model, (role) => {
    const part = model.parts.find((candidate) => candidate.role === role);
    return part ? Promise.resolve(part.bytes) : Promise.reject(new Error(`there is no ${role}`));
  });
  const around = specialTokens(model.architecture, 'en', 'pt');
  const runner = new Runner(await openConverted(model, suffix), around.prompt);
  const result = { samePieces: true, sameWords: true, sameBeams: true };
  for (const { text, pieces, said, ...searched } of one.sentences) {
    const prepared = withAround({ source: text, ...source.encode(text), carried: [] }, around);
    const { unkId } = source;
    const wanted = pieces.map((piece) => (sourceTokens.includes(piece) ? sourceTokens.indexOf(piece) : unkId));
    const ids = [...prepared.ids];
    result.samePieces &&= ids.slice(around.before.length, ids.length - around.after.length).join() === wanted.join();
    const found = await compareSearches(runner, ids, searched, idsOf);
    result.sameWords &&= found.sameWords && target.decode(idsOf(searched.greedy)).text === said;
    result.sameBeams &&= found.sameBeams;
  }
  return result;
}

async function compareSearches(
  runner: Runner,
  source: number[],
  { greedy, beams }: { greedy: string[]; beams: string[][] },
  idsOf: (tokens: string[]) => number[],
): Promise<{ sameWords: boolean; sameBeams: boolean }> {
  const said = await runner.greedy(source, GREEDY_TOKENS);
  const found = await runner.beam(source, BEAM_TOKENS, BEAMS);
  return {
    sameWords: said.join() === idsOf(greedy).join(),
    sameBeams: found.map(({ ids }) => ids.join()).join('|') === beams.map((tokens) => idsOf(tokens).join()).join('|'),
  };
}
