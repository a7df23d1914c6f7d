import type { Manifest, MarianArchitecture } from '../../src/protocol/manifest.ts';
import { filesSection, qualitySection } from './card.ts';

const NO_QUALITY = `| set | beams | BLEU | chrF | float32, full vocabulary: BLEU |
|---|---|---|---|---|
| not measured yet | | | | |`;

/** Largest difference from the reference that a graph may show, in log-probabilities and attention. */
export interface Tolerance {
  float: number;
  int8: number;
}

/** The model card of a translator. */
export function translatorCard(
  manifest: Manifest,
  a: MarianArchitecture,
  tolerance: Tolerance | undefined,
  previous: string,
): string {
  return `# ${manifest.name}

A translator from ${manifest.from.join(', ')} to ${manifest.to.join(', ')}, ready to run in a browser.

- **Origin:** ${manifest.source}. Trained by Mozilla and the Bergamot project for Firefox Translations.
- **Licence of the weights:** ${manifest.licence}.
- **Architecture:** Marian transformer student: ${a.encoderLayers} encoder and ${a.decoderLayers} decoder layers, width ${a.dim}, ${a.heads} heads, SSRU decoder, one vocabulary of ${a.vocabulary} pieces for both languages. Head 0 of the alignment layer was trained to align words.
- **What was changed:** the int8 weights and their scales are Mozilla's, value for value; they were laid out anew (rows before columns, matrices that share an input side by side, a row of zeros after the embedding) and the computation was written as ONNX graphs. The lexical shortlist holds the same lists, stored as 16-bit differences. The vocabulary is untouched.
- **How it computes:** on WASM with int8 products and the static activation scales of the calibration, with finer steps after a rectifier, where the range is all positive; on WebGPU with the same weights unpacked to float32.

${filesSection(manifest)}

\`golden.json\` holds sentences with the ids, log-probabilities and attention that a separate implementation of the same weights (\`scripts/reference/\`) computes. ${heldTo(tolerance)}

${qualitySection(previous, NO_QUALITY)}
`;
}

function heldTo(tolerance: Tolerance | undefined): string {
  if (!tolerance) return 'It has not been written yet.';
  return `The graphs must find the same ids, and the same values within ${tolerance.int8} (int8, WASM) and ${tolerance.float} (float32, WebGPU).`;
}
