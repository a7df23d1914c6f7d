import type { EngineError } from '../protocol/errors.ts';
import { CaptureError } from './captureError.ts';
import type { Level } from './levels.ts';
import workletUrl from './samples.worklet.ts?worker&url';
import type { FromWorklet, ToWorklet } from './workletMessages.ts';

/** What speech models hear at: a context of this rate resamples what the microphone gives. */
const SPEECH_RATE_HZ = 16_000;

/** A stream's sound on its way to a worker. */
export interface SamplesPort {
  /** Receives LiveAudio in chunks of about 32 ms; to be transferred to the worker. They wait in it until they are read. */
  readonly port: MessagePort;
  readonly sampleRateHz: number;
  /**
   * Another port, for a worker in the place of one that is gone, in place of the first: what was heard from `fromS` on comes
   * again, as far as it is still known. Times are seconds of sound that was heard; those of the port begin at `fromS`.
   */
  reopen(fromS: number): Promise<{ port: MessagePort; fromS: number }>;
  /** What is said until `resume` is not heard; the time of the audio stands still. */
  pause(): void;
  resume(): void;
  /** Sends what is left, then null. The stream's tracks go on: they belong to who opened them. */
  stop(): void;
  /** Stops, and forgets what was heard. */
  close(): void;
}

export interface SamplesListeners {
  /** About thirty times a second. */
  onLevel: (level: Level) => void;
  /** The last track ended: a microphone was unplugged, sharing was ended. `stop` is still to be called. */
  onEnded: (error: EngineError) => void;
}

/**
 * Reads the samples of a stream in an audio worklet, which hands them to the port without passing through the page.
 * @throws EngineError (CaptureError) no-sound: a stream without an audio track; ended: all of them have; unsupported
 */
export async function openSamplesPort(stream: MediaStream, listeners: SamplesListeners): Promise<SamplesPort> {
  const tracks = stream.getAudioTracks();
  if (tracks.length === 0)
    throw new CaptureError('no-sound', 'There is no sound in this stream: give one with an audio track.');
  if (tracks.every(isOver)) throw endedError();
  const { context, source } = connect(stream);
  try {
    await context.audioWorklet.addModule(workletUrl);
  } catch (error) {
    await context.close();
    throw new CaptureError(
      'unsupported',
      'This browser cannot read the sound of a microphone: try a newer one.',
      error,
    );
  }
  const node = new AudioWorkletNode(context, 'samples', { numberOfInputs: 1, numberOfOutputs: 1 });
  const { port1, port2 } = new MessageChannel();
  const tell = (message: ToWorklet, transfer: Transferable[] = []): void => node.port.postMessage(message, transfer);
  let onBegun: (fromS: number) => void = () => undefined;
  node.port.onmessage = ({ data }: MessageEvent<FromWorklet>) => {
    if ('fromS' in data) onBegun(data.fromS);
    else listeners.onLevel(data);
  };
  tell({ type: 'start', port: port1, fromS: 0 }, [port1]);
  // Its output is silence: connected, it is computed in every browser.
  source.connect(node).connect(context.destination);

  let wanted: 'running' | 'paused' | 'stopped' = 'running';
  // A context is suspended until the page has been touched, and where a call or a sleep interrupted it.
  const keepRunning = (): void => {
    if (wanted === 'running' && context.state !== 'running' && context.state !== 'closed') {
      context.resume().catch(() => undefined);
    }
  };
  const onTrackEnded = (): void => {
    if (wanted !== 'stopped' && tracks.every(isOver)) listeners.onEnded(endedError());
  };
  keepRunning();
  context.addEventListener('statechange', keepRunning);
  document.addEventListener('visibilitychange', keepRunning);
  for (const track of tracks) track.addEventListener('ended', onTrackEnded);

  const stop = (): void => {
    if (wanted === 'stopped') return;
    wanted = 'stopped';
    tell({ type: 'stop' });
    context.removeEventListener('statechange', keepRunning);
    document.removeEventListener('visibilitychange', keepRunning);
    for (const track of tracks) track.removeEventListener('ended', onTrackEnded);
    source.disconnect();
  };
  return {
    port: port2,
    sampleRateHz: context.sampleRate,
    async reopen(fromS) {
      const { port1: theirs, port2: ours } = new MessageChannel();
      const begun = new Promise<number>((resolve) => (onBegun = resolve));
      tell({ type: 'start', port: theirs, fromS }, [theirs]);
      return { port: ours, fromS: await begun };
    },
    pause() {
      if (wanted !== 'running') return;
      wanted = 'paused';
      tell({ type: 'pause' });
    },
    resume() {
      if (wanted !== 'paused') return;
      wanted = 'running';
      tell({ type: 'resume' });
      keepRunning();
    },
    stop,
    close() {
      stop();
      void context.close();
    },
  };
}

/** At the models' rate where the browser lets a stream into a context of another rate than its own; Firefox does not. */
function connect(stream: MediaStream): { context: AudioContext; source: MediaStreamAudioSourceNode } {
  const context = new AudioContext({ sampleRate: SPEECH_RATE_HZ });
  try {
    return { context, source: context.createMediaStreamSource(stream) };
  } catch {
    void context.close();
    const own = new AudioContext();
    return { context: own, source: own.createMediaStreamSource(stream) };
  }
}

function isOver(track: MediaStreamTrack): boolean {
  return track.readyState === 'ended';
}

function endedError(): CaptureError {
  return new CaptureError('ended', 'The microphone or the shared tab has ended: what was said until then is kept.');
}
