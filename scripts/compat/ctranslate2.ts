import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { convertTransformer, type ConvertedTransformer } from '../../src/convert/ctranslate2.ts';
import type { Comparison } from './marian.ts';
import { Runner } from './runner.ts';

/** Models of every option, and what CTranslate2 itself makes of them (scripts/reference/ctranslate2_golden.py). */
const goldenSchema = v.object({
  cases: v.array(
    v.object({
      name: v.string(),
      files: v.record(v.string(), v.string()),
      sentences: v.array(
        v.object({
          source: v.array(v.string()),
          target: v.array(v.string()),
          logProbs: v.array(v.number()),
          greedy: v.array(v.string()),
        }),
      ),
    }),
  ),
  refused: v.array(v.object({ name: v.string(), model: v.string() })),
});
export type Case = v.InferOutput<typeof goldenSchema>['cases'][number];

export const golden = v.parse(
  goldenSchema,
  JSON.parse(gunzipSync(readFileSync(new URL('ctranslate2.golden.json.gz', import.meta.url))).toString()),
);

export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

export function convertCase({ files }: Case): ConvertedTransformer {
  const file = (name: string): Uint8Array => fromBase64(files[name] ?? '');
  const shared = 'shared_vocabulary.json' in files;
  return convertTransformer({
    model: file('model.bin'),
    config: file('config.json'),
    vocabulary: file(shared ? 'shared_vocabulary.json' : 'target_vocabulary.json'),
    ...(shared ? {} : { sourceVocabulary: file('source_vocabulary.json') }),
  });
}

/** As many tokens as the golden file lets greedy search say. */
const MOST_TOKENS = 12;

/** What the graphs make of a case, beside what CTranslate2 makes of it. */
export async function compareCase(one: Case, suffix: '' | '.webgpu'): Promise<Comparison> {
  const model = convertCase(one);
  const { sourceTokens, targetTokens, before, after, architecture } = model;
  const runner = new Runner(model, suffix);
  const result = { worst: 0, sameWords: true };
  for (const { source, target, logProbs, greedy } of one.sentences) {
    const memory = await runner.encode([...before, ...source.map((token) => sourceTokens.indexOf(token)), ...after]);
    const ids = target.map((token) => targetTokens.indexOf(token));
    const steps = await runner.score(memory, ids);
    if (steps.length !== logProbs.length) throw new Error('another number of tokens');
    [...ids, architecture.eosId].forEach((id, t) => {
      result.worst = Math.max(result.worst, Math.abs((steps[t]?.[id] ?? NaN) - (logProbs[t] ?? NaN)));
    });
    const said = (await runner.greedy(memory, MOST_TOKENS)).map((id) => targetTokens[id]);
    result.sameWords &&= said.join(' ') === greedy.join(' ');
  }
  return result;
}
