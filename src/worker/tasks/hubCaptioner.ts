import type { HubCaptionerArchitecture } from '../../protocol/manifest.ts';
import { beamSearch } from '../seq2seq/beam.ts';
import { noRepeatNgram } from '../seq2seq/logits.ts';
import type { GraphSource } from '../seq2seq/openGraphs.ts';
import { openHubPictures } from '../seq2seq/openHub.ts';
import type { DescribePixels } from './captioner.ts';
import { loadHubTokeniser } from './loadHubTokeniser.ts';

/** Some hypotheses differ in their tokens alone. */
const SPARE_HYPOTHESES = 1;

/**
 * A captioner of the Hub: it says what it says, without a policy and without showing where it looked. How often it is right nobody
 * measured here, so that what it says is never sure.
 * @throws EngineError what `part`, `openSession` and the parsers throw
 */
export async function openHubCaptioner(
  architecture: HubCaptionerArchitecture,
  source: GraphSource,
  parts: readonly { role: string }[],
): Promise<DescribePixels> {
  const [model, tokeniser] = await Promise.all([
    openHubPictures(architecture, source),
    loadHubTokeniser(parts, source.part),
  ]);
  const { noRepeat, lengthPenalty, stopsEarly } = architecture;
  const textOf = (ids: Int32Array): string => tokeniser.decode(ids).text.trim();
  return async (pixels, { beams, alternatives, onPartial, signal }) => {
    const hypotheses = alternatives > 0 ? 1 + alternatives + SPARE_HYPOTHESES : 1;
    const width = Math.max(beams, hypotheses);
    const picture = {
      features: pixels,
      maxTokens: model.maxTokens,
      ...(noRepeat > 0 && { processors: [noRepeatNgram(noRepeat)] }),
    };
    const [found] = await beamSearch(model, [picture], {
      beams: width,
      hypotheses,
      lengthPenalty,
      signal,
      ...(stopsEarly && { enough: width }),
      ...(onPartial && { onPartial: (_: number, ids: () => Int32Array) => onPartial(textOf(ids())) }),
    });
    const said = (found?.hypotheses ?? []).map(({ ids, score }) => ({ text: textOf(ids), score }));
    const distinct = said.filter(({ text }, i) => said.findIndex((other) => other.text === text) === i);
    const [best, ...others] = distinct;
    if (!best) throw new Error('A search found nothing.');
    return {
      ...best,
      confidence: Math.exp(best.score),
      unsure: true,
      alternatives: others.slice(0, alternatives),
      words: [],
      grid: [1, 1],
      tags: [],
    };
  };
}
