import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SpeechInput } from '../../src/protocol/messages.ts';
import { LogMel, SAMPLE_RATE_HZ } from '../../src/worker/features/audio/logMel.ts';
import { speechWindows } from '../../src/worker/features/audio/windows.ts';
import { parseBytePair } from '../../src/worker/features/bytePair.ts';
import { toSegment } from '../../src/worker/features/segments.ts';
import { TEMPERATURES } from '../../src/worker/seq2seq/recognise.ts';
import { openVoiceActivity } from '../../src/worker/seq2seq/voiceActivity.ts';
import { parseManifest } from '../../src/worker/store/manifests.ts';
import { hear, type Recogniser } from '../../src/worker/tasks/recogniser.ts';
import { transcribeWindows } from '../../src/worker/tasks/transcribeWindows.ts';
import { openHubWhisperCase } from './hubRunner.ts';

const { signal } = new AbortController();
const VOICE = new URL('../../models/silero-vad/', import.meta.url);

const beckett = readFileSync(new URL('../../e2e/audio/beckett.wav', import.meta.url));
/** Five seconds of a recording, 16 kHz, and the language that is asked for. */
export const SAMPLES = Float32Array.from(
  { length: 5 * SAMPLE_RATE_HZ },
  (_, i) => beckett.readInt16LE(44 + 2 * i) / 32768,
);
export const LANGUAGE = 'pt';

/**
 * What the small Whisper of the Hub writes of it, heard window by window as the app hears it: the texts of its segments. Found as
 * this module is loaded: what loads a module through Vite for once (`runnerImport`) leaves it no other time.
 */
export const TEXTS = await transcribed('whisper');

async function transcribed(name: string): Promise<string[]> {
  const recogniser = await recogniserOf(name);
  const { voice } = recogniser;
  const run = { model: name, provider: 'wasm', words: true, beams: 1 } as const;
  const input: SpeechInput = { ...run, language: LANGUAGE, among: [], task: 'transcribe' };
  async function* audio() {
    yield await Promise.resolve(SAMPLES);
  }
  const windows = speechWindows(audio(), {
    voice: (part) => voice.probabilities(part),
    voiceSamples: voice.windowSamples,
  });
  const texts: string[] = [];
  const again = TEMPERATURES;
  for await (const { segments } of transcribeWindows(windows, (each) =>
    hear(recogniser, input, each, { again, signal }),
  )) {
    for (const { words, spoken } of segments) texts.push(toSegment(words, spoken, false)?.text ?? '');
  }
  return texts.filter(Boolean);
}

async function recogniserOf(name: string): Promise<Recogniser> {
  const { architecture, parts, model } = await openHubWhisperCase(name);
  const manifest = parseManifest(readFileSync(new URL('manifest.json', VOICE), 'utf8'));
  if (manifest.kind !== 'voice-activity') throw new Error('The model tells no speech from silence.');
  const voice = await openVoiceActivity({
    architecture: manifest.architecture,
    part: (role) => {
      const file = manifest.parts.find((each) => each.role === role)?.file ?? '';
      return Promise.resolve(Uint8Array.from(gunzipSync(readFileSync(new URL(file, VOICE)))));
    },
    provider: 'wasm',
    threads: 1,
    lane: 0,
    signal,
  });
  const tokens = parts.find(({ role }) => role === 'tokeniser')?.bytes ?? new Uint8Array();
  const languages = Object.keys(architecture.languageIds);
  return {
    manifest: {
      format: 1,
      id: name,
      name,
      kind: 'speech',
      from: languages,
      to: languages,
      licence: '',
      source: '',
      parts: [],
      architecture,
    },
    device: { provider: 'wasm', threads: 1, isolated: false, why: '' },
    model,
    voice,
    logMel: new LogMel(architecture.mels),
    decode: parseBytePair(tokens).decode,
  };
}
