import type * as Transformers from '@xenova/transformers';

/** What the worker is asked: first to load, then to write down samples. */
export type Question = { type: 'load'; threads: number } | { type: 'hear'; samples: Float32Array };

export type Answer =
  { type: 'loaded' } | { type: 'words' } | { type: 'heard'; text: string } | { type: 'failed'; message: string };

/** Runs in the worker, so it must not touch anything outside itself. */
export function serveRecogniser(): void {
  /** What the package recommends for recordings longer than a window: windows of 30 s that overlap by 5 s on both sides. */
  const LONG = { chunk_length_s: 30, stride_length_s: 5 };
  const WINDOW = 30 * 16_000;
  let library: typeof Transformers | undefined;
  let recognise: Transformers.AutomaticSpeechRecognitionPipeline | undefined;
  const answer = (message: Answer): void => self.postMessage(message);

  async function load(threads: number): Promise<void> {
    const url = '/transformers.js';
    library = (await import(url)) as typeof Transformers;
    const { env, pipeline } = library;
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.localModelPath = '/models/';
    env.useBrowserCache = false;
    env.useWasmCache = false;
    const { wasm } = env.backends.onnx;
    if (!wasm) throw new Error('transformers.js has no settings of the runtime.');
    wasm.wasmPaths = '/runtime/';
    wasm.numThreads = threads;
    recognise = await pipeline('automatic-speech-recognition', 'whisper', { dtype: 'q8', device: 'wasm' });
    answer({ type: 'loaded' });
  }

  async function hear(samples: Float32Array): Promise<void> {
    if (!library || !recognise) throw new Error('Nothing was loaded.');
    const tokenizer = recognise.tokenizer;
    let told = false;
    const streamer = new library.TextStreamer(tokenizer, {
      skip_prompt: true,
      callback_function: (text: string) => {
        if (told || text.trim() === '') return;
        told = true;
        answer({ type: 'words' });
      },
    });
    const options = samples.length > WINDOW ? { ...LONG, streamer } : { streamer };
    const { text }: Transformers.AutomaticSpeechRecognitionOutput = await recognise(samples, options);
    answer({ type: 'heard', text: text.trim() });
  }

  self.onmessage = ({ data }: MessageEvent<Question>) => {
    const work = data.type === 'load' ? load(data.threads) : hear(data.samples);
    work.catch((error: unknown) => answer({ type: 'failed', message: String(error) }));
  };
}
