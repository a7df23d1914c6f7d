/** A microphone or a camera. */
export interface CaptureDevice {
  id: string;
  /** Empty until the reader has allowed one of its kind once. */
  label: string;
}

/** The devices of a kind; none where the browser does not tell. */
export async function listDevices(kind: 'audioinput' | 'videoinput'): Promise<CaptureDevice[]> {
  if (!('mediaDevices' in navigator)) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** Calls the listener when one is plugged in or out. Returns what ends that. */
export function watchDevices(listener: () => void): () => void {
  if (!('mediaDevices' in navigator)) return () => undefined;
  const { mediaDevices } = navigator;
  mediaDevices.addEventListener('devicechange', listener);
  return () => mediaDevices.removeEventListener('devicechange', listener);
}
