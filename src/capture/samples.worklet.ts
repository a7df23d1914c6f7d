import type { LiveAudio } from '../protocol/messages.ts';
import { Chunker } from './chunker.ts';
import { levelOf } from './levels.ts';
import { SoundHistory } from './soundHistory.ts';
import { CHUNK_S, HISTORY_S, type FromWorklet, type ToWorklet } from './workletMessages.ts';

/** The part of AudioWorkletGlobalScope that TypeScript's libraries do not have. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** Samples that a worklet is given at a time. */
const BLOCK = 128;

/**
 * Sends what it hears straight to the worker that listens, past the page, and the levels to the page. Once told to stop it
 * sends the rest and null. Another worker is told again what the first one cannot be asked for any more.
 */
class SamplesProcessor extends AudioWorkletProcessor {
  readonly #chunker = new Chunker(Math.max(1, Math.round((CHUNK_S * sampleRate) / BLOCK)) * BLOCK);
  readonly #history = new SoundHistory(HISTORY_S * sampleRate);
  #listener: MessagePort | null = null;
  #paused = false;
  #stopped = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ToWorklet>) => {
      if (data.type === 'start') this.#start(data.port, data.fromS);
      else if (data.type === 'stop') this.#stop();
      else this.#paused = data.type === 'pause';
    };
  }

  /** Called by the audio thread for every block; false lets go of the processor. */
  process(inputs: Float32Array[][]): boolean {
    if (!this.#paused && !this.#stopped) this.#chunker.push(inputs[0] ?? [], (chunk) => this.#send(chunk));
    return true;
  }

  #start(port: MessagePort, fromS: number): void {
    this.#listener = port;
    const { from, chunks } = this.#history.since(Math.round(fromS * sampleRate));
    this.#tellPage({ fromS: from / sampleRate });
    for (const samples of chunks) this.#post({ samples, sampleRateHz: sampleRate });
    if (this.#stopped) this.#post(null);
  }

  #send(samples: Float32Array): void {
    this.#tellPage(levelOf(samples));
    this.#history.push(samples);
    this.#post({ samples, sampleRateHz: sampleRate });
  }

  #stop(): void {
    const rest = this.#chunker.take();
    if (rest.length > 0) this.#send(rest);
    this.#stopped = true;
    this.#post(null);
  }

  #tellPage(message: FromWorklet): void {
    this.port.postMessage(message);
  }

  #post(message: LiveAudio): void {
    this.#listener?.postMessage(message);
  }
}

registerProcessor('samples', SamplesProcessor);
