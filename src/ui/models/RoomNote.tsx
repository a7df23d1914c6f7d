import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Shortage } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { formatBytes } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { modelName } from '../shared/modelName.ts';
import { useTask } from '../useTask.ts';
import { formatAgo } from './formatAgo.ts';
import { whatToDelete } from './whatToDelete.ts';

interface Props {
  shortage: Shortage;
  /** Ids of the models that the room is for. */
  wanted: readonly string[];
  onFreed: () => void;
}

/** Says how much room is missing, and what to delete for it, in one click. */
export function RoomNote({ shortage, wanted, onFreed }: Props) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const { run, running } = useTask();
  const missing = shortage.neededBytes - shortage.freeBytes;
  const chosen = whatToDelete(models.list ?? [], missing, wanted);
  const isEnough = chosen.reduce((sum, { diskBytes }) => sum + diskBytes, 0) >= missing;
  const bytes = (value: number): string => formatBytes(value, i18n.language);
  const lastUsed = ({ lastUsedAt }: ModelInfo): string =>
    lastUsedAt === undefined ? t('room.neverUsed') : t('room.lastUsed', { ago: formatAgo(lastUsedAt, i18n.language) });

  const makeRoom = async (): Promise<void> => {
    const outcome = await run(async (glossa) => {
      for (const { id } of chosen) await glossa.models.remove(id);
    });
    await models.refresh();
    if (outcome.state === 'done') onFreed();
  };

  return (
    <div className="note" role="alert">
      <p>{t('room.short', { size: bytes(missing) })}</p>
      {!isEnough && <p>{t('room.notEnough')}</p>}
      {isEnough && (
        <>
          <p>{t('room.oldest')}</p>
          <ul className="room-models">
            {chosen.map((model) => (
              <li key={model.id}>
                {t('room.item', { model: modelName(t, model, i18n.language), size: bytes(model.diskBytes) })}{' '}
                <span className="quiet">({lastUsed(model)})</span>
              </li>
            ))}
          </ul>
          <Button className="button danger" isDisabled={running} onPress={() => void makeRoom()}>
            <Icon name="trash" size={18} />
            {t('room.delete')}
          </Button>
        </>
      )}
    </div>
  );
}
