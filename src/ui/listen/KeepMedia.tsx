import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { keepRecording } from '../../library/transcripts.ts';
import { storageRoom } from '../../protocol/storageRoom.ts';
import { formatBytes } from '../shared/format.ts';
import { useKeepOrTell } from '../shared/Notice.tsx';

interface Props {
  transcript: string;
  media: File;
  onKept: () => void;
}

/** Keeps the file with its transcript, so that it can be heard again without being opened again. */
export function KeepMedia({ transcript, media, onKept }: Props) {
  const { t, i18n } = useTranslation();
  const keepOrTell = useKeepOrTell();
  const [state, setState] = useState<'offered' | 'keeping' | 'no-room'>('offered');
  const size = formatBytes(media.size, i18n.language);

  const keep = async (): Promise<void> => {
    setState('keeping');
    if (!(await hasRoomFor(media.size))) {
      setState('no-room');
      return;
    }
    const kept = keepRecording(transcript, 0, media);
    keepOrTell(kept);
    await kept.then(onKept, () => setState('offered'));
  };

  if (state === 'no-room') {
    return (
      <p className="note" role="alert">
        {t('player.noRoom', { size })}
      </p>
    );
  }
  return (
    <Button className="button text-button" isDisabled={state === 'keeping'} onPress={() => void keep()}>
      {t('player.keep', { size })}
    </Button>
  );
}

async function hasRoomFor(bytes: number): Promise<boolean> {
  const room = await storageRoom();
  return !room || bytes <= room.freeBytes;
}
