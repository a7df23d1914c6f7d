import type { ManifestOf } from '../../protocol/manifest.ts';
import type { Caption, DeviceInfo } from '../../protocol/types.ts';
import type { CaptionWords } from '../features/captionWords.ts';
import { tagsOf, type Labels } from '../features/labels.ts';
import { beamSearch } from '../seq2seq/beam.ts';
import type { CaptionerModel, Seen } from '../seq2seq/captioner.ts';

/** A captioning model, loaded. */
export interface Captioner {
  manifest: ManifestOf<'captioning'>;
  device: DeviceInfo;
  model: CaptionerModel;
  words: CaptionWords;
  labels: Labels;
}

export interface DescribeOptions {
  beams: number;
  /** How many other captions to give. */
  alternatives: number;
  onPartial?(text: string): void;
  signal: AbortSignal;
}

/** What a picture's pixels alone say of it. */
export type Description = Omit<Caption, 'width' | 'height' | 'ran'>;

/** Puts into words what the encoder saw. Throws as `beamSearch` does. */
export async function describe(
  { manifest, model, words, labels }: Captioner,
  seen: Seen,
  { beams, alternatives, onPartial, signal }: DescribeOptions,
): Promise<Description> {
  const recognised = labels.recognise(seen.labels);
  const [found] = await beamSearch(model, [{ features: seen, maxTokens: model.maxTokens }], {
    beams: Math.max(beams, 1 + alternatives),
    hypotheses: 1 + alternatives,
    lengthPenalty: 0.7,
    signal,
    ...(onPartial && { onPartial: (_: number, ids: () => Int32Array) => onPartial(words.text(ids())) }),
  });
  const [best, ...others] = found?.hypotheses ?? [];
  if (!best) throw new Error('A search found nothing.');
  return {
    text: words.text(best.ids),
    score: best.score,
    confidence: Math.exp(best.score),
    unsure: false,
    alternatives: others.map(({ ids, score }) => ({ text: words.text(ids), score })),
    words: words.words(best.ids, best.logProbs, best.attention ?? new Float32Array()),
    grid: manifest.architecture.grid,
    tags: tagsOf(recognised),
  };
}
