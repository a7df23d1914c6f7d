import { deviceError } from './captureError.ts';

/**
 * Opens a microphone; the browser asks the reader. Echo and noise are left in: captions are also made of what the device's
 * own loudspeakers play, and models of speech were trained on sound as it is.
 * @param id of `listDevices`; absent: the system's choice
 * @throws EngineError (CaptureError) refused, no-device, busy or unsupported
 */
export async function openMicrophone(id?: string): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: {
        ...(id === undefined ? {} : { deviceId: { exact: id } }),
        channelCount: 1,
        autoGainControl: true,
        echoCancellation: false,
        noiseSuppression: false,
      },
    });
  } catch (error) {
    throw deviceError(error, 'microphone');
  }
}
