import { gzipSync, zipSync } from 'fflate';
import { packTar, type TarEntry } from 'modern-tar';
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

export async function tarGz(files: Files): Promise<Uint8Array> {
  const entries = Object.entries(files);
  return gzipSync(
    await packTar(
      entries.map(([name, body]): TarEntry => ({ header: { name, size: body.length, type: 'file' }, body })),
    ),
  );
}

export const zip = (files: Files): Uint8Array => zipSync(files);
