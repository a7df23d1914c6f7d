import type { Manifest } from '../../src/protocol/manifest.ts';
import { packedSize } from './write.ts';

const QUALITY_START = '<!-- quality: measured, kept when the card is written again -->';
const QUALITY_END = '<!-- /quality -->';

/** The section of a model card that lists its files. */
export function filesSection(manifest: Manifest): string {
  const rows = manifest.parts.map(
    (part) =>
      `| ${part.file} | ${part.role} | ${part.provider ?? 'every'} | ${part.packedBytes} | ${part.unpackedBytes} |`,
  );
  return `## Files
${packedSize(manifest)} bytes as shipped. Each file is gzipped; the manifest has the sha256 of both forms.

| file | role | provider | packed | unpacked |
|---|---|---|---|---|
${rows.join('\n')}`;
}

/** The section with what was measured, taken from the card before: a measurement writes it, not the conversion. */
export function qualitySection(previous: string, unmeasured: string): string {
  const start = previous.indexOf(QUALITY_START);
  const end = previous.indexOf(QUALITY_END);
  const kept = start < 0 || end < start ? unmeasured : previous.slice(start + QUALITY_START.length, end).trim();
  return `## Quality
${QUALITY_START}
${kept}
${QUALITY_END}`;
}
