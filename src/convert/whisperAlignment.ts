import type { WhisperArchitecture } from '../protocol/manifest.ts';

type Sizes = Pick<WhisperArchitecture, 'decoderLayers' | 'heads' | 'vocabulary'>;

/**
 * The cross-attention heads that follow time, as OpenAI published them with its models (openai/whisper `_ALIGNMENT_HEADS`): as
 * "layer.head", by decoder layers, heads and tokens. Large and large-v2 have one size: these are large-v2's.
 */
const PUBLISHED: Record<string, string> = {
  // tiny.en
  '4x6x51864': '1.0 2.0 2.5 3.0 3.1 3.2 3.3 3.4',
  // tiny
  '4x6x51865': '2.2 3.0 3.2 3.3 3.4 3.5',
  // base.en
  '6x8x51864': '3.3 4.7 5.1 5.5 5.7',
  // base
  '6x8x51865': '3.1 4.2 4.3 4.7 5.1 5.2 5.4 5.6',
  // small.en
  '12x12x51864': '6.6 7.0 7.3 7.8 8.2 8.5 8.7 9.0 9.4 9.8 9.10 10.0 10.1 10.2 10.3 10.6 10.11 11.2 11.4',
  // small
  '12x12x51865': '5.3 5.9 8.0 8.4 8.7 8.8 9.0 9.7 9.9 10.5',
  // medium.en
  '24x16x51864': '11.4 14.1 14.12 14.14 15.4 16.0 16.4 16.9 17.12 17.14 18.7 18.10 18.15 20.0 20.3 20.9 20.14 21.12',
  // medium
  '24x16x51865': '13.15 15.4 15.15 16.1 20.0 23.4',
  // large-v2
  '32x20x51865':
    '10.12 13.17 16.11 16.12 16.13 17.15 17.16 18.4 18.11 18.19 19.11 21.2 21.3 22.3 22.9 22.12 23.5 23.7 23.13 25.5 26.1 26.12 27.15',
  // large-v3
  '32x20x51866': '7.0 10.17 12.18 13.12 16.1 17.14 19.11 21.4 24.1 25.6',
  // large-v3-turbo
  '4x20x51866': '2.4 2.11 3.3 3.6 3.11 3.14',
};

/**
 * Which heads follow time where the model's files do not say: the published ones of its size, or all of the upper half of the
 * layers, as CTranslate2's converter assumes.
 */
export function defaultAlignmentHeads({ decoderLayers, heads, vocabulary }: Sizes): [layer: number, head: number][] {
  const published = PUBLISHED[`${decoderLayers}x${heads}x${vocabulary}`];
  if (published !== undefined) {
    return published.split(' ').map((pair): [number, number] => {
      const [layer = '', head = ''] = pair.split('.');
      return [Number(layer), Number(head)];
    });
  }
  const from = Math.floor(decoderLayers / 2);
  return Array.from({ length: (decoderLayers - from) * heads }, (_, i) => [from + Math.floor(i / heads), i % heads]);
}
