import { toEngineError, type EngineError } from '../protocol/errors.ts';
import type { ListenEvent } from '../protocol/messages.ts';
import { transcriptOf } from '../protocol/transcript.ts';
import type { ModelInfo, Segment, Transcript, Word } from '../protocol/types.ts';
import { checkLanguage, checkStream } from './checkOptions.ts';
import type { LiveEvents, LiveSession, LiveState } from './liveEvents.ts';
import { isLoss, MOST_LOSSES, movedBy, RestartedError, stableSegment } from './liveRecovery.ts';
import { LiveTranslation } from './liveTranslation.ts';
import type { ModelDirectory } from './modelDirectory.ts';
import type { ListenOptions } from './options.ts';
import type { Pool } from './pool.ts';
import { checkSpeech, chooseRecogniser, type SpeechRequest } from './transcribe.ts';
import type { Translate } from './translate.ts';

/** What a live session needs of src/capture/. */
export interface Capture {
  /** Gives LiveAudio; it waits in the port until somebody reads it. */
  readonly port: MessagePort;
  /** Another port, for a worker that takes the place of one that is gone: see src/capture/samplesPort.ts. */
  reopen(fromS: number): Promise<Sound>;
  pause(): void;
  resume(): void;
  /** Sends the null that ends the session. The stream's tracks go on. */
  stop(): void;
  /** Stops, and lets go of everything. */
  close(): void;
}

/** Where LiveAudio comes from, and which second of the session it begins with. */
interface Sound {
  port: MessagePort;
  fromS: number;
}

export interface CaptureListeners {
  onLevel: (level: LiveEvents['level']) => void;
  /** No more sound will come, or something is wrong with it. */
  onEnded: (error: EngineError) => void;
}

export type OpenCapture = (stream: MediaStream, listeners: CaptureListeners) => Promise<Capture>;

export interface LiveParts {
  pool: Pool;
  directory: ModelDirectory;
  translate: Translate;
  openCapture: OpenCapture;
}

/** `Glossa.listen`. @throws EngineError bad-input */
export function listen(parts: LiveParts, stream: MediaStream, options: ListenOptions = {}): LiveSession {
  checkStream(stream);
  const request = checkSpeech(options);
  const to = options.to === undefined ? null : checkLanguage(options.to, 'to');
  const session = new Session();
  void session.run(parts, stream, request, to, options);
  return session;
}

type Listener<K extends keyof LiveEvents> = (event: LiveEvents[K]) => void;

class Session implements LiveSession {
  readonly #listeners: { [K in keyof LiveEvents]: Set<Listener<K>> } = {
    stable: new Set(),
    tail: new Set(),
    phrase: new Set(),
    translation: new Set(),
    level: new Set(),
    behind: new Set(),
    state: new Set(),
    error: new Set(),
  };
  readonly #abort = new AbortController();
  readonly #segments: Segment[] = [];
  /** The stable words of the open phrase. */
  #stable: Word[] = [];
  /** What was said before this has been told. */
  #heardS = 0;
  /** Workers that were lost since the last one got on. */
  #losses = 0;
  #resolve: (transcript: Transcript) => void = () => undefined;
  readonly #transcript = new Promise<Transcript>((resolve) => (this.#resolve = resolve));
  #state: LiveState = 'starting';
  /** What the reader asked for before there was anything to pause or to stop. */
  #wanted: 'listening' | 'paused' | 'ended' = 'listening';
  #ready = false;
  #capture: Capture | null = null;
  #translation: LiveTranslation | null = null;

  get state(): LiveState {
    return this.#state;
  }

  on<K extends keyof LiveEvents>(type: K, listener: Listener<K>): () => void {
    this.#listeners[type].add(listener);
    return () => void this.#listeners[type].delete(listener);
  }

  pause(): void {
    if (this.#wanted !== 'listening') return;
    this.#wanted = 'paused';
    this.#capture?.pause();
    this.#show();
  }

  resume(): void {
    if (this.#wanted !== 'paused') return;
    this.#wanted = 'listening';
    this.#capture?.resume();
    this.#show();
  }

  stop(): Promise<Transcript> {
    this.#wanted = 'ended';
    // Without a capture the session has not begun to listen, and `run` sees what is wanted.
    this.#capture?.stop();
    return this.#transcript;
  }

  /** The whole life of the session; never rejects. */
  async run(
    parts: LiveParts,
    stream: MediaStream,
    request: SpeechRequest,
    to: string | null,
    { signal, onProgress, model: id }: ListenOptions,
  ): Promise<void> {
    const started = performance.now();
    const stop = (): void => this.#abort.abort();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    let model: ModelInfo | undefined;
    let transcript: Transcript | undefined;
    try {
      // First of all, so that what is said while the model is being loaded is heard afterwards.
      const capture = await this.#open(parts.openCapture, stream);
      model = await chooseRecogniser(parts.directory, id, request.language, this.#abort.signal);
      if (to !== null) this.#translation = this.#translateInto(parts, to, model, request);
      const { language, ran } = await this.#hearAll(parts.pool, model, request, capture, onProgress);
      transcript = transcriptOf([...this.#segments], language, ran);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#emit('error', toEngineError(error));
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#capture?.close();
    }
    await this.#translation?.settled();
    this.#translation?.close();
    const ran = { model: model?.id ?? '', provider: 'wasm' as const, threads: 1, ms: performance.now() - started };
    this.#wanted = 'ended';
    this.#setState('ended');
    this.#resolve(transcript ?? this.#partial(ran));
  }

  /** Has a worker listen until the sound ends, and another one go on where one was lost. */
  async #hearAll(
    pool: Pool,
    model: ModelInfo,
    request: SpeechRequest,
    capture: Capture,
    onProgress: ListenOptions['onProgress'],
  ): Promise<Transcript> {
    let sound: Sound = { port: capture.port, fromS: 0 };
    for (;;) {
      const { port, fromS } = sound;
      try {
        return await pool.run(
          model,
          request.provider,
          'listen',
          { ...request, model: model.id, audio: port },
          {
            signal: this.#abort.signal,
            onProgress,
            onEvent: (event) => this.#hear(movedBy(fromS, event)),
            transfer: [port],
          },
        );
      } catch (cause) {
        const error = toEngineError(cause);
        if (!isLoss(error) || ++this.#losses > MOST_LOSSES) throw error;
        const wantedS = this.#keepStable(request.words, model);
        sound = await capture.reopen(wantedS);
        this.#ready = false;
        this.#show();
        this.#emit('error', new RestartedError(error, wantedS, sound.fromS));
      }
    }
  }

  /** Tells the stable words of the open phrase as one, and gives the time from which on all has to be heard again. */
  #keepStable(words: boolean, model: ModelInfo): number {
    this.#emit('tail', { text: '' });
    const segment = stableSegment(this.#stable, this.#segments.at(-1)?.language ?? model.from[0] ?? 'und', words);
    if (!segment) return this.#heardS;
    this.#tell(segment, segment.endS);
    return Math.max(this.#heardS, segment.endS);
  }

  async #open(openCapture: OpenCapture, stream: MediaStream): Promise<Capture> {
    const capture = await openCapture(stream, {
      onLevel: (level) => this.#emit('level', level),
      onEnded: (error) => {
        if (this.#wanted === 'ended') return;
        this.#emit('error', error);
        void this.stop();
      },
    });
    this.#capture = capture;
    if (this.#wanted === 'paused') capture.pause();
    if (this.#wanted === 'ended') capture.stop();
    return capture;
  }

  #translateInto({ pool, directory, translate }: LiveParts, to: string, model: ModelInfo, request: SpeechRequest) {
    const detected = model.from.length > 1 ? null : (model.from[0] ?? 'en');
    const from = request.task === 'translate' ? 'en' : request.language === 'auto' ? detected : request.language;
    return new LiveTranslation(
      { pool, directory, translate },
      { from, to, provider: request.provider },
      {
        signal: this.#abort.signal,
        onText: (index, text) => this.#emit('translation', { index, text }),
        onError: (error) => this.#emit('error', error),
      },
    );
  }

  #hear(event: ListenEvent): void {
    switch (event.type) {
      case 'ready':
        this.#ready = true;
        this.#show();
        break;
      case 'stable':
        this.#stable.push(...event.words);
        this.#emit('stable', { words: event.words });
        break;
      case 'tail':
        this.#emit('tail', { text: event.text });
        break;
      case 'behind':
        this.#emit('behind', { seconds: event.seconds });
        break;
      case 'heard':
        this.#heardS = event.untilS;
        this.#losses = 0;
        break;
      case 'phrase':
        this.#tell(event.segment, event.spokenEndS);
        break;
    }
  }

  #tell(segment: Segment, spokenEndS: number): void {
    this.#stable = [];
    const index = this.#segments.push(segment) - 1;
    this.#emit('phrase', { index, segment, spokenEndS });
    this.#translation?.add(index, segment);
  }

  #partial(ran: Transcript['ran']): Transcript {
    return transcriptOf([...this.#segments], this.#segments[0]?.language ?? 'und', ran);
  }

  #show(): void {
    if (this.#wanted === 'paused') this.#setState('paused');
    else this.#setState(this.#ready ? 'listening' : 'starting');
  }

  #setState(state: LiveState): void {
    if (state === this.#state || this.#state === 'ended') return;
    this.#state = state;
    this.#emit('state', state);
  }

  #emit<K extends keyof LiveEvents>(type: K, event: LiveEvents[K]): void {
    for (const listener of [...this.#listeners[type]]) {
      try {
        listener(event);
      } catch (error) {
        // A listener's trouble is the page's; the session goes on.
        reportError(error);
      }
    }
  }
}
