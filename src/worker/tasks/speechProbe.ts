import { EngineError } from '../../protocol/errors.ts';
import type { Manifest } from '../../protocol/manifest.ts';
import type { GraphSource } from '../seq2seq/openGraphs.ts';
import { openSpeech } from '../seq2seq/openSpeech.ts';
import type { Mel } from '../seq2seq/whisperMemory.ts';
import { type Probe, stepProbe } from './probe.ts';

/** Two windows of a few seconds of a sound that no one made; where `small`, two of a tenth. */
export async function speechProbe(manifest: Manifest, source: GraphSource, small: boolean): Promise<Probe> {
  if (manifest.kind !== 'speech') throw new EngineError('unsupported-model', `"${manifest.name}" does not transcribe.`);
  const { architecture } = manifest;
  const { mels, sotId, transcribeId, languageIds } = architecture;
  const [frames, tokens] = small ? [10, 2] : [400, 12];
  const hum = (pitch: number): Mel => ({
    data: Float32Array.from({ length: mels * frames }, (_, i) => Math.sin(i * pitch) * Math.cos(i / frames)),
    frames,
    heard: frames,
  });
  const [languageId] = Object.values(languageIds);
  const prompt = [sotId, ...(languageId === undefined ? [] : [languageId, transcribeId ?? sotId])];
  const model = await openSpeech(architecture, source);
  const windows = [hum(0.1), hum(0.37)];
  return stepProbe(model, (signal) => model.hear(windows, signal), Int32Array.from(prompt), tokens);
}
