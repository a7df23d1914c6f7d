import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { canKeepLibrary } from '../../library/everything.ts';
import { type StorageRoom, storageRoom } from '../../protocol/storageRoom.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { formatBytes } from '../shared/format.ts';
import { DeleteEverything } from './DeleteEverything.tsx';

interface Keeping {
  room: StorageRoom | null;
  /** Whether the browser has promised to clear nothing away; null where it does not say. */
  granted: boolean | null;
  models: boolean;
  library: boolean;
}

/** What Glossa takes on this device, whether the browser keeps it, and the way to be rid of it all. */
export function StorageSection({ list }: { list: ModelInfo[] }) {
  const { t, i18n } = useTranslation();
  const [keeping, setKeeping] = useState<Keeping | null>(null);
  const [refused, setRefused] = useState(false);
  const bytes = (value: number): string => formatBytes(value, i18n.language);

  useEffect(() => {
    let gone = false;
    void readKeeping().then((read) => !gone && setKeeping(read));
    return () => {
      gone = true;
    };
  }, [list]);
  const ask = async (): Promise<void> => {
    setRefused(!(await navigator.storage.persist()));
    setKeeping(await readKeeping());
  };

  return (
    <section aria-labelledby="storage-title">
      <h3 id="storage-title">{t('storage.title')}</h3>
      {keeping?.room && (
        <p>{t('models.storage', { used: bytes(keeping.room.usedBytes), free: bytes(keeping.room.freeBytes) })}</p>
      )}
      {keeping?.models === false && <p className="note">{t('storage.noModels')}</p>}
      {keeping?.library === false && <p className="note">{t('storage.noLibrary')}</p>}
      {keeping?.granted === true && <p className="quiet">{t('storage.granted')}</p>}
      {keeping?.granted === false && (
        <p className="quiet">
          {t('storage.notGranted')} {refused && t('storage.refused')}
        </p>
      )}
      <div className="panel-tools">
        {keeping?.granted === false && !refused && (
          <Button className="button" onPress={() => void ask()}>
            {t('storage.ask')}
          </Button>
        )}
        <DeleteEverything />
      </div>
    </section>
  );
}

async function readKeeping(): Promise<Keeping> {
  const [room, granted, models, library] = await Promise.all([
    storageRoom(),
    'storage' in navigator ? navigator.storage.persisted().catch(() => null) : null,
    canKeepModels(),
    canKeepLibrary(),
  ]);
  return { room, granted, models, library };
}

async function canKeepModels(): Promise<boolean> {
  if (!('caches' in globalThis)) return false;
  return caches.keys().then(
    () => true,
    () => false,
  );
}
