import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../protocol/manifest.ts';
import { convertSilero } from './silero.ts';

const root = new URL('../../', import.meta.url);
const published = new URL('node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx', root);
const manifest = parse(
  manifestSchema,
  JSON.parse(readFileSync(new URL('models/silero-vad/manifest.json', root), 'utf8')),
);

describe('convertSilero', () => {
  it('makes the model that is shipped', () => {
    const { architecture, parts } = convertSilero(readFileSync(published));
    expect(architecture).toEqual(manifest.architecture);
    const sums = parts.map(({ role, bytes }) => [role, createHash('sha256').update(bytes).digest('hex')]);
    expect(sums).toEqual(manifest.parts.map(({ role, unpackedSha256 }) => [role, unpackedSha256]));
  });

  it('refuses another model', () => {
    expect(() => convertSilero(new Uint8Array())).toThrow(/no Silero VAD/);
    expect(() => convertSilero(Uint8Array.of(0x3a, 0xff))).toThrow(/damaged/);
  });
});
