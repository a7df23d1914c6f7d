import type { LiveAudio } from '../protocol/messages.ts';
import { Chunker } from './chunker.ts';
import { levelOf } from './levels.ts';
import { CHUNK_S, type FromWorklet, type ToWorklet } from './workletMessages.ts';

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
 * sends the rest and null.
 */
class SamplesProcessor extends AudioWorkletProcessor {
  readonly #chunker = new Chunker(Math.max(1, Math.round((CHUNK_S * sampleRate) / BLOCK)) * BLOCK);
  #listener: MessagePort | null = null;
  #paused = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ToWorklet>) => {
      if (data.type === 'start') this.#listener = data.port;
      else if (data.type === 'stop') this.#stop();
      else this.#paused = data.type === 'pause';
    };
  }

  /** Called by the audio thread for every block; false lets go of the processor. */
  process(inputs: Float32Array[][]): boolean {
    if (!this.#paused) this.#chunker.push(inputs[0] ?? [], (chunk) => this.#send(chunk));
    return true;
  }

  #send(samples: Float32Array<ArrayBuffer>): void {
    this.#tellPage(levelOf(samples));
    this.#post({ samples, sampleRateHz: sampleRate }, [samples.buffer]);
  }

  #stop(): void {
    const rest = this.#chunker.take();
    if (rest.length > 0) this.#send(rest);
    this.#post(null, []);
    this.#tellPage('stopped');
  }

  #tellPage(message: FromWorklet): void {
    this.port.postMessage(message);
  }

  #post(message: LiveAudio, transfer: Transferable[]): void {
    this.#listener?.postMessage(message, transfer);
  }
}

registerProcessor('samples', SamplesProcessor);
