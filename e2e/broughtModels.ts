import { gzipSync, zipSync } from 'fflate';
import { packTar, type TarEntry } from 'modern-tar';
import { fromBase64, golden, type TextCase } from '../scripts/compat/ctranslate2.ts';
import { vocabulary } from '../src/convert/marian.fixture.ts';
import { runStudent } from '../src/convert/student.fixture.ts';
import { tinyWhisper } from '../src/convert/whisper.fixture.ts';
import { seededRandom, studentTensors, writeMarian, type StudentShape } from '../src/formats/marian.fixture.ts';
import { parseMarian } from '../src/formats/marian.ts';

/** A model's files by their paths, as a reader has them. */
export type Files = Record<string, Uint8Array>;

const SMALL: StudentShape = { dim: 16, heads: 4, encoderLayers: 1, decoderLayers: 1, ffn: 24, vocabulary: 30 };
/** With this seed and this much for the end of a sentence, what a student of no training says comes to an end. */
const [SEED, END] = [40, 5];

/** A student of Firefox Translations, from English into Estonian as its name says, whose words are w2, w3 and so on. */
export function student(shape: StudentShape = SMALL): Files {
  const tensors = studentTensors(shape, seededRandom(SEED));
  const bias = tensors.find(({ name }) => name === 'decoder_ff_logit_out_b')!.data;
  new Float32Array(bias.buffer, bias.byteOffset, 1).set([END]);
  return {
    'enet/model.enet.intgemm.alphas.bin': writeMarian(tensors),
    'enet/vocab.enet.spm': vocabulary(shape.vocabulary),
  };
}

/** What the small student makes of some of its words, by the reference. */
export function translated(words: number[]): string {
  const model = parseMarian(student()['enet/model.enet.intgemm.alphas.bin']!);
  const said: number[] = [];
  for (;;) {
    const { logProbs } = runStudent(model, [...words, 0], said).at(-1)!;
    const best = logProbs.indexOf(Math.max(...logProbs));
    if (best === 0) return said.map((id) => `w${id}`).join(' ');
    said.push(best);
  }
}

export function whisper(): Files {
  const { model, config, vocabulary: tokens } = tinyWhisper();
  return {
    'whisper-small/model.bin': model,
    'whisper-small/config.json': config,
    'whisper-small/vocabulary.txt': tokens,
  };
}

/** A translator as CTranslate2 keeps it, and a sentence that CTranslate2 itself has translated with it. */
interface Translator {
  files: Files;
  text: string;
  said: string;
}

function goldenCase(name: string, text: string): TextCase & { said: string } {
  const found = golden.texts.find((one) => one.name.startsWith(name));
  const sentence = found?.sentences.find((one) => one.text === text);
  if (!found || !sentence) throw new Error(`There is no golden ${name} that says "${text}".`);
  return { ...found, said: sentence.said };
}

const decoded = (folder: string, files: Record<string, string>): Files =>
  Object.fromEntries(Object.entries(files).map(([name, base64]) => [folder + name, fromBase64(base64)]));

/** What is in an Argos package. It does not come to an end of itself: `said` is how its translation begins. */
export function argos(): Translator {
  const text = 'the cat sat in the shed';
  const { files, sentencePiece, said } = goldenCase('Argos: BPE', text);
  const metadata = new TextEncoder().encode(JSON.stringify({ from_code: 'en', to_code: 'pt' }));
  const model = decoded('translate-en_pt/model/', files);
  const pieces = decoded('translate-en_pt/', { 'sentencepiece.model': sentencePiece });
  return { files: { ...model, ...pieces, 'translate-en_pt/metadata.json': metadata }, text, said };
}

/** The folder of an NLLB. */
export function nllb(): Translator {
  const text = 'a dog';
  const { files, sentencePiece, said } = goldenCase('NLLB', text);
  return { files: decoded('nllb-small/', { ...files, 'sentencepiece.bpe.model': sentencePiece }), text, said };
}

export async function tarGz(files: Files): Promise<Uint8Array> {
  const entries = Object.entries(files);
  return gzipSync(
    await packTar(
      entries.map(([name, body]): TarEntry => ({ header: { name, size: body.length, type: 'file' }, body })),
    ),
  );
}

export const zip = (files: Files): Uint8Array => zipSync(files);
