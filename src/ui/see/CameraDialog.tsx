import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { openCamera, takeStill } from '../../capture/camera.ts';
import { CaptureError, type CaptureTrouble } from '../../capture/captureError.ts';
import { Icon } from '../shared/Icon.tsx';
import { Panel } from '../shared/Panel.tsx';
import { PickOne } from '../shared/PickOne.tsx';
import { useDevices } from '../shared/useDevices.ts';
import type { Seeing } from './useSeeing.ts';

interface Props {
  seeing: Seeing;
  onTake: (file: File) => void;
  onClose: () => void;
}

/** What a camera sees, until a picture of it is taken. The camera is closed with the dialogue. */
export function CameraDialog({ seeing: { choices, choose }, onTake, onClose }: Props) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const [shows, setShows] = useState(false);
  const [trouble, setTrouble] = useState<ReturnType<typeof troubleOf> | null>(null);
  const cameras = useDevices('videoinput', choices.camera, t('camera.any'), shows);
  const { chosen } = cameras;

  useEffect(() => {
    let gone = false;
    let stream: MediaStream | undefined;
    const open = async (): Promise<void> => {
      try {
        const mine = await openCamera(chosen === '' ? undefined : chosen);
        stream = mine;
        if (gone || !video.current) {
          close();
          return;
        }
        video.current.srcObject = mine;
        setTrouble(null);
      } catch (error) {
        if (!gone) setTrouble(troubleOf(error));
      }
    };
    const close = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    void open();
    return () => {
      gone = true;
      close();
    };
  }, [chosen]);

  const take = async (): Promise<void> => {
    if (!video.current) return;
    try {
      const still = await takeStill(video.current);
      const time = new Date().toISOString().slice(0, 19).replaceAll(':', '.').replace('T', ' ');
      onTake(new File([still], `${t('camera.name')} ${time}.jpg`, { type: still.type }));
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  };

  return (
    <Panel title={t('camera.title')} onClose={onClose}>
      {trouble && (
        <p className="note" role="alert">
          {t(`camera.trouble.${trouble}`)}
        </p>
      )}
      <video
        ref={video}
        className="camera-picture"
        autoPlay
        muted
        playsInline
        aria-label={t('camera.live')}
        // An open camera has no picture yet: one that is taken before the first would be empty.
        onLoadedData={() => setShows(true)}
        onEmptied={() => setShows(false)}
      />
      <div className="panel-tools">
        <Button className="button primary big" isDisabled={!shows} onPress={() => void take()}>
          <Icon name="camera" />
          {t('camera.take')}
        </Button>
        {cameras.list.length > 2 && (
          <PickOne
            label={t('camera.which')}
            labelHidden
            value={chosen}
            options={cameras.list}
            onChange={(id) => choose({ camera: id === '' ? null : id })}
          />
        )}
      </div>
    </Panel>
  );
}

/** The camera's troubles; those that only sound can have are not among them. */
function troubleOf(error: unknown): Exclude<CaptureTrouble, 'no-sound'> {
  const trouble = error instanceof CaptureError ? error.trouble : 'unsupported';
  return trouble === 'no-sound' ? 'unsupported' : trouble;
}
