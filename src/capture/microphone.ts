import { microphoneError } from './captureError.ts';

export interface Microphone {
  id: string;
  /** Empty until the reader has allowed a microphone once. */
  label: string;
}

/**
 * Opens a microphone; the browser asks the reader. Echo and noise are left in: captions are also made of what the device's
 * own loudspeakers play, and models of speech were trained on sound as it is.
 * @param id of `listMicrophones`; absent: the system's choice
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
    throw microphoneError(error);
  }
}

/** The microphones there are; none where the browser does not tell. */
export async function listMicrophones(): Promise<Microphone[]> {
  if (!('mediaDevices' in navigator)) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** Calls the listener when one is plugged in or out. Returns what ends that. */
export function watchMicrophones(listener: () => void): () => void {
  if (!('mediaDevices' in navigator)) return () => undefined;
  const { mediaDevices } = navigator;
  mediaDevices.addEventListener('devicechange', listener);
  return () => mediaDevices.removeEventListener('devicechange', listener);
}
