import { EngineError } from '../protocol/errors.ts';
import { nameOf, type ForeignFile, type ForeignFormat, type ForeignModel } from './foreign.ts';
import { ctranslate2 } from './identifyCTranslate2.ts';
import { hub } from './identifyHub.ts';
import { marian } from './identifyMarian.ts';

/** Asked in this order. */
const FORMATS: readonly ForeignFormat[] = [marian, ctranslate2, hub];

/** What is left beside a model by the systems it came through. */
const CLUTTER = /(^|\/)(__MACOSX\/|\._|\.DS_Store$|\.git\/|\.cache\/|desktop\.ini$|Thumbs\.db$)/i;

export const isClutter = (path: string): boolean => CLUTTER.test(path);

/** Forms that a model has before it is made ready for another engine, and what is to be done with them. */
const RAW_FORMS: [name: RegExp, sentence: string][] = [
  [
    /\.npz$/i,
    'A Marian model in .npz is not ready to run: convert it with marian-conv to a .bin with intgemm8 or float32.',
  ],
  [
    /(^pytorch_model.*\.bin|\.safetensors|\.pt|\.ckpt|^tf_model\.h5)$/i,
    'Weights of PyTorch cannot be run here: bring the model in the form of CTranslate2, or with ONNX files.',
  ],
  [
    /(\.gguf|^ggml-.*\.bin)$/i,
    'Models of llama.cpp and whisper.cpp (GGUF, GGML) cannot be run here: bring the model in the form of CTranslate2.',
  ],
];

/**
 * Says what some files are: a model that this engine can convert.
 * @throws EngineError unsupported-model, which names what is missing or not supported and what to do; model-corrupt
 */
export async function identify(files: readonly ForeignFile[]): Promise<ForeignModel> {
  const present = files.filter(({ path, sizeBytes }) => sizeBytes > 0 && !isClutter(path));
  for (const format of FORMATS) {
    const model = await format(present);
    if (model) return model;
  }
  const raw = RAW_FORMS.find(([name]) => present.some((file) => name.test(nameOf(file))));
  throw new EngineError('unsupported-model', raw ? raw[1] : unknownFiles(present));
}

const SHOWN_NAMES = 5;

function unknownFiles(files: readonly ForeignFile[]): string {
  const names = files.slice(0, SHOWN_NAMES).map((file) => nameOf(file).slice(0, 60));
  const found =
    files.length === 0
      ? 'There is no file'
      : `There is ${names.join(', ')}${files.length > SHOWN_NAMES ? ' and more' : ''}`;
  return `${found}, but no model that can be run here. Choose all the files of a model of Firefox Translations, Argos Translate, CTranslate2 or the Hub (ONNX), or its archive.`;
}
