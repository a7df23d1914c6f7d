import type { ManifestOf } from '../src/protocol/manifest.ts';

const QUALITY_START = '<!-- quality: measured, kept when the card is written again -->';
const QUALITY_END = '<!-- /quality -->';

const NO_QUALITY = `| set | beams | BLEU | chrF | float32, full vocabulary: BLEU |
|---|---|---|---|---|
| not measured yet | | | | |`;

/** Largest difference from the reference that a graph may show, in log-probabilities and attention. */
export interface Tolerance {
  float: number;
  int8: number;
}

/** The model card. What stands between the quality marks of the card before is kept: a measurement writes it, not the conversion. */
export function modelCard(
  manifest: ManifestOf<'translation'>,
  tolerance: Tolerance | undefined,
  previous: string,
): string {
  const { architecture: a } = manifest;
  const packed = manifest.parts.reduce((sum, part) => sum + part.packedBytes, 0);
  const rows = manifest.parts.map(
    (part) =>
      `| ${part.file} | ${part.role} | ${part.provider ?? 'every'} | ${part.packedBytes} | ${part.unpackedBytes} |`,
  );
  return `# ${manifest.name}

A translator from ${manifest.from.join(', ')} to ${manifest.to.join(', ')}, ready to run in a browser.

- **Origin:** ${manifest.source}. Trained by Mozilla and the Bergamot project for Firefox Translations.
- **Licence of the weights:** ${manifest.licence}.
- **Architecture:** Marian transformer student: ${a.encoderLayers} encoder and ${a.decoderLayers} decoder layers, width ${a.dim}, ${a.heads} heads, SSRU decoder, one vocabulary of ${a.vocabulary} pieces for both languages. Head 0 of the alignment layer was trained to align words.
- **What was changed:** the int8 weights and their scales are Mozilla's, value for value; they were laid out anew (rows before columns, matrices that share an input side by side, a row of zeros after the embedding) and the computation was written as ONNX graphs. The lexical shortlist holds the same lists, stored as 16-bit differences. The vocabulary is untouched.
- **How it computes:** on WASM with int8 products and the static activation scales of the calibration, with finer steps after a rectifier, where the range is all positive; on WebGPU with the same weights unpacked to float32.

## Files
${packed} bytes as shipped. Each file is gzipped; the manifest has the sha256 of both forms.

| file | role | provider | packed | unpacked |
|---|---|---|---|---|
${rows.join('\n')}

\`golden.json\` holds sentences with the ids, log-probabilities and attention that a separate implementation of the same weights (\`scripts/reference/\`) computes. ${heldTo(tolerance)}

## Quality
${QUALITY_START}
${keptQuality(previous)}
${QUALITY_END}
`;
}

function heldTo(tolerance: Tolerance | undefined): string {
  if (!tolerance) return 'It has not been written yet.';
  return `The graphs must find the same ids, and the same values within ${tolerance.int8} (int8, WASM) and ${tolerance.float} (float32, WebGPU).`;
}

function keptQuality(previous: string): string {
  const start = previous.indexOf(QUALITY_START);
  const end = previous.indexOf(QUALITY_END);
  return start < 0 || end < start ? NO_QUALITY : previous.slice(start + QUALITY_START.length, end).trim();
}
