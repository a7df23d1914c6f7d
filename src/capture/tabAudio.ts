import { CaptureError, tabAudioError } from './captureError.ts';

/** What browsers know of beyond the standard library's types. */
interface TabOptions extends DisplayMediaStreamOptions {
  systemAudio: 'include';
  selfBrowserSurface: 'exclude';
  surfaceSwitching: 'include';
}

/** Whether the browser can share another tab or a screen. Whether with its sound shows only when it is tried. */
export function canShareTab(): boolean {
  return 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;
}

/**
 * Shares the sound of a tab, or of the whole system where the browser can; it asks the reader which. The stream has sound
 * alone, and the tab is still heard.
 * @throws EngineError aborted: the reader chose none; CaptureError no-sound, busy or unsupported
 */
export async function openTabAudio(): Promise<MediaStream> {
  // Browsers share no sound without a picture.
  const options: TabOptions = {
    video: true,
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    systemAudio: 'include',
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
  };
  let shared: MediaStream;
  try {
    shared = await navigator.mediaDevices.getDisplayMedia(options);
  } catch (error) {
    throw tabAudioError(error);
  }
  for (const track of shared.getVideoTracks()) {
    track.stop();
    shared.removeTrack(track);
  }
  if (shared.getAudioTracks().length > 0) return shared;
  throw new CaptureError(
    'no-sound',
    'That was shared without its sound: choose a tab and tick “Also share tab audio”, in Chrome or Edge.',
  );
}
