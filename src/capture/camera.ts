import { CaptureError, deviceError } from './captureError.ts';

/** More pixels than any caption needs; cameras give what they have up to this. */
const WIDTH = 1920;

/** Whether this browser shows a page what a camera sees. */
export const hasCameras = (): boolean => 'mediaDevices' in navigator && 'getUserMedia' in navigator.mediaDevices;

/**
 * Opens a camera; the browser asks the reader.
 * @param id of `listDevices`; absent: the one that looks away from the reader, where there are two
 * @throws EngineError (CaptureError) refused, no-device, busy or unsupported
 */
export async function openCamera(id?: string): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: {
        ...(id === undefined ? { facingMode: 'environment' } : { deviceId: { exact: id } }),
        width: { ideal: WIDTH },
      },
    });
  } catch (error) {
    throw deviceError(error, 'camera');
  }
}

/** What a camera shows at this moment, as a JPEG. Throws a CaptureError (ended) where it shows nothing. */
export async function takeStill(video: HTMLVideoElement): Promise<Blob> {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0)
    throw new CaptureError('ended', 'The camera shows nothing yet: wait a moment, then take it again.');
  const canvas = new OffscreenCanvas(videoWidth, videoHeight);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
}
