/** A recording under way. */
export interface Recorder {
  /** Of the chunks together. */
  readonly mimeType: string;
  pause(): void;
  resume(): void;
  /** Resolves when the last chunk has been given. */
  stop(): Promise<void>;
}

/** In the order of preference; all are small, and can be played where they were recorded. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
/** How much a crash can lose, in ms. */
const CHUNK_MS = 2000;
const BITS_PER_SECOND = 48_000;

/** Whether this browser can record. */
export function canRecord(): boolean {
  return 'MediaRecorder' in globalThis;
}

/** Records a stream's sound. The chunks, in their order, are one file: kept as they come, a crash loses little. */
export function recordStream(stream: MediaStream, onChunk: (chunk: Blob) => void): Recorder {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(new MediaStream(stream.getAudioTracks()), {
    ...(mimeType === undefined ? {} : { mimeType }),
    audioBitsPerSecond: BITS_PER_SECOND,
  });
  recorder.ondataavailable = ({ data }) => {
    if (data.size > 0) onChunk(data);
  };
  const stopped = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.start(CHUNK_MS);
  return {
    mimeType: recorder.mimeType,
    pause() {
      if (recorder.state === 'recording') recorder.pause();
    },
    resume() {
      if (recorder.state === 'paused') recorder.resume();
    },
    stop() {
      // It stops by itself when the stream's tracks end.
      if (recorder.state !== 'inactive') recorder.stop();
      return stopped;
    },
  };
}
