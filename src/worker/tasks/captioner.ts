import type { CaptionerArchitecture } from '../../protocol/manifest.ts';
import type { Caption, CaptionWord } from '../../protocol/types.ts';
import { tagsOf, type CaptionPolicy, type Findings } from '../features/captionPolicy.ts';
import type { CaptionWords } from '../features/captionWords.ts';
import { beamSearch } from '../seq2seq/beam.ts';
import type { CaptionerModel, Seen } from '../seq2seq/captioner.ts';
import { forbid, type LogitsProcessor } from '../seq2seq/logits.ts';
import { Mention } from '../seq2seq/mention.ts';
import type { Hypothesis } from '../seq2seq/search.ts';

/** A captioning model, loaded. */
export interface Captioner {
  architecture: CaptionerArchitecture;
  model: CaptionerModel;
  words: CaptionWords;
  policy: CaptionPolicy;
  /** Lets a thing be named once: of the policy's groups, and the same for every picture. */
  once: LogitsProcessor;
}

export interface DescribeOptions {
  beams: number;
  /** How many other captions to give. */
  alternatives: number;
  onPartial?(text: string): void;
  signal: AbortSignal;
}

/** Says what is seen in [3, size, size] normalised pixels. Throws as `beamSearch` does. */
export type DescribePixels = (pixels: Float32Array, options: DescribeOptions) => Promise<Description>;

/** What a picture's pixels alone say of it. */
export type Description = Omit<Caption, 'width' | 'height' | 'ran'>;

/** Some hypotheses differ in their tokens alone. */
const SPARE_HYPOTHESES = 1;

/** Puts into words what the encoder saw: what is surely there is named, what nothing speaks for is not. Throws as `beamSearch` does. */
export async function describe(captioner: Captioner, seen: Seen, options: DescribeOptions): Promise<Description> {
  const { architecture, policy, words } = captioner;
  const findings = policy.judge(seen.labels, seen.presence);
  let found = await search(captioner, seen, findings, false, options);
  if (findings.anchor && !found[0].ids.some((id) => findings.naming.includes(id))) {
    found = await search(captioner, seen, findings, true, options);
  }
  const [best, ...others] = found;
  const short = policy.shortForm(findings, best.score);
  const text = short ?? words.text(best.ids);
  const alternatives = [...(short === null ? [] : [best]), ...others]
    .map(({ ids, score }) => ({ text: words.text(ids), score }))
    .filter((other, i, all) => other.text !== text && all.findIndex((each) => each.text === other.text) === i);
  return {
    text,
    score: best.score,
    ...policy.trust(findings, best.score),
    alternatives: alternatives.slice(0, options.alternatives),
    words: short === null ? wordsOf(best, words) : shortWords(short, findings, best),
    grid: architecture.grid,
    tags: tagsOf(findings),
  };
}

/** The best captions under the policy; with `naming` only those that name the anchor. */
async function search(
  { model, words, policy, once }: Captioner,
  seen: Seen,
  { banned, naming }: Findings,
  mustName: boolean,
  { beams, alternatives, onPartial, signal }: DescribeOptions,
): Promise<[Hypothesis, ...Hypothesis[]]> {
  const hypotheses = alternatives > 0 ? 1 + alternatives + SPARE_HYPOTHESES : 1;
  const width = Math.max(beams, hypotheses);
  const forbidden = mustName ? banned.filter((id) => !naming.includes(id)) : banned;
  const source = {
    features: seen,
    maxTokens: model.maxTokens,
    processors: [forbid(forbidden), once],
    ...(mustName && { steering: new Mention(naming, model.eosId) }),
  };
  const [found] = await beamSearch(model, [source], {
    // As many for those that named it as for those that did not yet.
    beams: mustName ? 2 * width : width,
    hypotheses,
    // As the confidence was fitted.
    enough: width,
    lengthPenalty: policy.lengthPenalty,
    signal,
    ...(onPartial && { onPartial: (_: number, ids: () => Int32Array) => onPartial(words.text(ids())) }),
  });
  const [best, ...others] = found?.hypotheses ?? [];
  if (!best) throw new Error('A search found nothing.');
  return [best, ...others];
}

function wordsOf({ ids, logProbs, attention = new Float32Array() }: Hypothesis, words: CaptionWords): CaptionWord[] {
  return words.words(ids, logProbs, attention);
}

/** The words of a short form are the anchor's: as likely as it, and from where the caption that was given up named it. */
function shortWords(
  text: string,
  { anchor, naming }: Findings,
  { ids, attention, sourceLength }: Hypothesis,
): CaptionWord[] {
  const at = Math.max(
    0,
    ids.findIndex((id) => naming.includes(id)),
  );
  const looked = attention?.subarray(at * sourceLength, (at + 1) * sourceLength) ?? new Float32Array();
  return text
    .split(' ')
    .map((word) => ({ text: word, probability: anchor?.probability ?? 0, attention: looked.slice() }));
}
