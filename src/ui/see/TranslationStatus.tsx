import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import { useSettings } from '../SettingsContext.tsx';
import { InstallationNote } from '../shared/InstallationNote.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { useInstallation } from '../shared/useInstallation.ts';
import { modelToGet, routeFor } from '../useModels.ts';
import { CAPTION_LANGUAGE } from './exportAlbum.ts';
import type { AlbumSnapshot, OpenAlbum } from './openAlbum.ts';
import { useAlbumTranslation } from './useAlbumTranslation.ts';

interface Props {
  album: OpenAlbum;
  snapshot: AlbumSnapshot;
  /** The picture whose text is being written. */
  editing: string | null;
}

/** Has an album's texts translated, and says how far that is. */
export function TranslationStatus({ album, snapshot, editing }: Props) {
  const { t } = useTranslation();
  const { models } = useDesk();
  const { settings } = useSettings();
  const { to } = snapshot.record;
  const model = to === null ? undefined : modelToGet(routeFor(models.list ?? [], CAPTION_LANGUAGE, to));
  const installation = useInstallation(model, to !== null && snapshot.record.preview !== '', models.refresh);
  const ready = installation.state === 'installed';
  const { progress, stopped, failure, stop, goOn } = useAlbumTranslation(
    album,
    snapshot,
    ready,
    editing,
    settings.provider,
  );
  return (
    <>
      {model && !ready && <InstallationNote model={model} installation={installation} />}
      {progress && (
        <div className="slowly">
          <JobProgress progress={progress} label={t('progress.starting')} onStop={stop} />
        </div>
      )}
      {(stopped || failure) && (
        <p className="note" role={failure ? 'alert' : undefined}>
          {failure ? t(`errors.${failure.code}`) : t('stopped')}{' '}
          {failure && <span className="quiet">{failure.message}</span>}
          <Button className="button text-button" onPress={goOn}>
            {t('continue')}
          </Button>
        </p>
      )}
    </>
  );
}
