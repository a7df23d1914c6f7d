import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../protocol/errors.ts';
import { listDevices, watchDevices } from './devices.ts';
import { openMicrophone } from './microphone.ts';
import { canShareTab, openTabAudio } from './tabAudio.ts';
import { keepAwake } from './wakeLock.ts';

afterEach(() => vi.unstubAllGlobals());

function stubDevices(mediaDevices: object): void {
  vi.stubGlobal('navigator', { mediaDevices });
}

function failing(name: string): () => Promise<never> {
  return () => Promise.reject(new DOMException('as the browser says it', name));
}

describe('a microphone', () => {
  it.each([
    ['NotAllowedError', 'refused', /allow it/],
    ['NotFoundError', 'no-device', /plug one in/],
    ['OverconstrainedError', 'no-device', /choose another/],
    ['NotReadableError', 'busy', /another program/],
    ['TypeError', 'unsupported', /cannot be used here/],
  ])('that fails with %s is %s, in a sentence that says what to do', async (name, trouble, message) => {
    stubDevices({ getUserMedia: failing(name) });
    const error = await openMicrophone().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'bad-input', trouble, message: expect.stringMatching(message) as string });
  });

  it('cannot be had where a page has no devices at all', async () => {
    vi.stubGlobal('navigator', {});
    await expect(openMicrophone()).rejects.toMatchObject({ code: 'bad-input', trouble: 'unsupported' });
    expect(await listDevices('audioinput')).toEqual([]);
    expect(() => watchDevices(() => undefined)()).not.toThrow();
  });

  it('is the one that was chosen', async () => {
    const getUserMedia = vi.fn((_: MediaStreamConstraints) => Promise.resolve({} as MediaStream));
    stubDevices({ getUserMedia });
    await openMicrophone('desk');
    expect(getUserMedia.mock.calls[0]?.[0]).toMatchObject({ audio: { deviceId: { exact: 'desk' } } });
    await openMicrophone();
    expect(getUserMedia.mock.calls[1]?.[0].audio).not.toHaveProperty('deviceId');
  });

  it('is listed once the browser tells which there are', async () => {
    const device = (kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo => {
      return { kind, deviceId, label, groupId: '', toJSON: () => '' };
    };
    stubDevices({
      enumerateDevices: () =>
        Promise.resolve([
          device('audioinput', 'a', 'Desk'),
          device('audiooutput', 'b', 'Loud'),
          device('audioinput', '', ''),
        ]),
    });
    expect(await listDevices('audioinput')).toEqual([{ id: 'a', label: 'Desk' }]);
  });
});

describe('the sound of a tab', () => {
  function share(audio: number): { stopped: string[] } {
    const stopped: string[] = [];
    const track = (kind: string) => ({ kind, stop: () => void stopped.push(kind) });
    const tracks = [track('video'), ...Array.from({ length: audio }, () => track('audio'))];
    const of = (kind: string) => tracks.filter((one) => one.kind === kind);
    const stream = {
      getVideoTracks: () => of('video'),
      getAudioTracks: () => of('audio'),
      removeTrack: (one: (typeof tracks)[number]) => tracks.splice(tracks.indexOf(one), 1),
    };
    stubDevices({ getDisplayMedia: () => Promise.resolve(stream) });
    return { stopped };
  }

  it('comes without its picture', async () => {
    const { stopped } = share(1);
    const stream = await openTabAudio();
    expect([stream.getVideoTracks().length, stream.getAudioTracks().length]).toEqual([0, 1]);
    expect(stopped).toEqual(['video']);
  });

  it('may not have been shared', async () => {
    share(0);
    await expect(openTabAudio()).rejects.toMatchObject({ code: 'bad-input', trouble: 'no-sound' });
  });

  it('may not have been chosen, which is an answer', async () => {
    stubDevices({ getDisplayMedia: failing('NotAllowedError') });
    expect(canShareTab()).toBe(true);
    await expect(openTabAudio()).rejects.toMatchObject({ code: 'aborted' });
    stubDevices({});
    expect(canShareTab()).toBe(false);
  });
});

describe('the screen', () => {
  it('is kept awake whenever the page is seen, until it need not be', async () => {
    const release = vi.fn(() => Promise.resolve());
    const request = vi.fn(() => Promise.resolve({ release }));
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    vi.stubGlobal('navigator', { wakeLock: { request } });
    vi.stubGlobal('document', page);
    const free = keepAwake();
    expect(request).toHaveBeenCalledTimes(1);
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(request).toHaveBeenCalledTimes(1);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(request).toHaveBeenCalledTimes(2);
    free();
    await Promise.resolve();
    expect(release).toHaveBeenCalledTimes(1);
    page.dispatchEvent(new Event('visibilitychange'));
    expect(request).toHaveBeenCalledTimes(2);
  });
});
