import { describe, expect, it } from 'vitest';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { hasSeveralLanguages, runAround, writtenIn } from './lineLanguages.ts';
import { languageOptions } from './languageOptions.ts';
import { speechChoice } from './speechChoice.ts';

const model = (id: string, from: string[], state: ModelInfo['state'] = 'installed'): ModelInfo => ({
  id,
  kind: 'speech',
  name: id,
  from,
  to: from,
  downloadBytes: 1,
  storedBytes: 1,
  unpackedBytes: 1,
  diskBytes: 1,
  licence: '',
  source: '',
  state,
});
const ear = model('ear', ['en'], 'available');
const babel = model('babel', ['en', 'pt', 'de']);
const nothing = { speechModel: null, spoken: null, intoEnglish: false };

describe('speechChoice', () => {
  it('has nothing to choose where one language is known', () => {
    expect(speechChoice([ear], { ...nothing, spoken: 'pt', intoEnglish: true })).toEqual({
      offered: [ear],
      model: ear,
      languages: [],
      spoken: null,
      canTranslate: false,
      asked: { model: 'ear', language: 'en', task: 'transcribe' },
      textLanguage: 'en',
    });
  });

  it('detects what is spoken where nothing else is said', () => {
    const choice = speechChoice([ear, babel], nothing);
    expect(choice).toMatchObject({ model: babel, spoken: null, canTranslate: true, textLanguage: null });
    expect(choice.asked).toEqual({ model: 'babel', language: 'auto', task: 'transcribe' });
  });

  it('asks for what was chosen, as far as the model knows it', () => {
    const choices = { speechModel: 'babel', spoken: 'pt', intoEnglish: true };
    expect(speechChoice([ear, babel], choices)).toMatchObject({
      asked: { language: 'pt', task: 'translate' },
      textLanguage: 'en',
    });
    expect(speechChoice([ear, babel], { ...choices, spoken: 'ja', intoEnglish: false })).toMatchObject({
      asked: { language: 'auto', task: 'transcribe' },
    });
    expect(speechChoice([ear, babel], { ...choices, speechModel: 'ear' }).asked).toMatchObject({ language: 'en' });
  });

  it('asks nothing of a model where none is', () => {
    expect(speechChoice([], nothing)).toMatchObject({
      model: undefined,
      asked: { language: 'en', task: 'transcribe' },
    });
  });
});

describe('languages of lines', () => {
  const record = { language: 'pt' };
  const line = (id: string, language?: string): TranscriptLine => ({
    id,
    startS: 0,
    endS: 1,
    text: id,
    ...(language === undefined ? {} : { language }),
  });
  const lines = [line('a', 'en'), line('b'), line('c', 'pt'), line('d', 'en')];

  it('are the transcript’s where they have none of their own', () => {
    expect(hasSeveralLanguages(lines, record)).toBe(true);
    expect(hasSeveralLanguages(lines.slice(1, 3), record)).toBe(false);
    expect(writtenIn(line('a'), { ...record, textLanguage: 'en' })).toBe('en');
    expect(writtenIn({ ...line('a', 'pt'), textLanguage: 'en' }, record)).toBe('en');
  });

  it('make runs', () => {
    expect(runAround(lines, lines[1]!, record).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(runAround(lines, lines[0]!, record).map(({ id }) => id)).toEqual(['a']);
    expect(runAround(lines, lines[3]!, record).map(({ id }) => id)).toEqual(['d']);
  });

  it('are listed by their names', () => {
    expect(languageOptions(['pt', 'en', 'de'], 'de').map(({ label }) => label)).toEqual([
      'Deutsch',
      'Englisch',
      'Portugiesisch',
    ]);
  });
});
