import { gzipSync, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { openFiles } from '../../src/convert/openFiles.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';

const text = new TextEncoder().encode('a model is not text, but this is enough of one. '.repeat(20));
const zip = zipSync({ 'm/model.bin': text, 'm/empty': new Uint8Array(), 'm/vocab.spm': [text, { level: 0 }] });
const tar = (): Promise<Uint8Array> =>
  packTar(
    ['m/model.bin', 'm/vocab.spm'].map((name) => ({ header: { name, size: text.length, type: 'file' }, body: text })),
  );

async function open(path: string, file: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const entries = await openFiles([{ path, file: new Blob([file]) }]);
  const read = [];
  for (const entry of entries) {
    expect(!entry.path.split(/[/\\]/).includes('..'), 'paths stay in their folder');
    const start = await entry.bytes(8);
    const bytes = await entry.bytes();
    expect(bytes.length === entry.sizeBytes, 'a file is as long as it says');
    expect(
      start.every((byte, i) => byte === bytes[i]),
      'a file begins as it begins',
    );
    read.push([entry.path, bytes]);
  }
  return read;
}

const refusals = ['model-corrupt', 'unsupported-model'] as const;

export const archiveTargets: Target[] = [
  {
    name: 'zip',
    seeds: [zip, zipSync({ 'vocab.spm.gz': gzipSync(text) })],
    words: ['PK\x03\x04', 'PK\x01\x02', 'PK\x05\x06', '../', '.gz', Uint8Array.of(255, 255, 255, 255)],
    read: (file) => open('m.zip', file),
    refusals,
  },
  {
    name: 'tar',
    seeds: async () => [await tar(), gzipSync(await tar())],
    words: ['ustar\0', '../', '0000644\0', '77777777777', 'path=', '30 size=99\n'],
    read: (file) => open('m.tar', file),
    refusals,
  },
  { name: 'gzip', seeds: [gzipSync(text)], read: (file) => open('model.bin.gz', file), refusals },
];
