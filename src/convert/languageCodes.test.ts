import { expect, it } from 'vitest';
import { languageTag, pairInName } from './languageCodes.ts';

it.each([
  ['opus-mt-en-de', 'en', 'de'],
  ['opus-mt-tc-big-en-pt', 'en', 'pt'],
  ['opus-mt-en-de-int8', 'en', 'de'],
  ['translate-en_zt-1_9', 'en', 'zh-Hant'],
  ['model.enpt.intgemm.alphas.bin', 'en', 'pt'],
  ['vocab.fienn.spm', undefined, undefined],
  ['csen.student.tiny11', 'cs', 'en'],
  ['model.intgemm.alphas.bin', undefined, undefined],
  ['faster-whisper-small', undefined, undefined],
])('finds the languages of %s', (name, from, to) => {
  expect(pairInName(name)).toEqual({ from: from ? [from] : [], to: to ? [to] : [] });
});

it('takes nothing for a language that is none', () => {
  expect(['pt_br', 'qq', '', '../x'].map(languageTag)).toEqual(['pt-BR', null, null, null]);
});
