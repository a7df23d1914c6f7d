import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, FileTrigger } from 'react-aria-components';
import { readRecording } from '../../library/transcripts.ts';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import type { Progress } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { useSettings } from '../SettingsContext.tsx';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { InstallationNote } from '../shared/InstallationNote.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { useKeepOrTell, useNotify } from '../shared/Notice.tsx';
import { useEditorKeys } from '../shared/useEditorKeys.ts';
import { type Installation, useInstallation } from '../shared/useInstallation.ts';
import type { Failure } from '../useTask.ts';
import { modelToGet, routeFor } from '../useModels.ts';
import { ExportDialog } from './ExportDialog.tsx';
import { KeepMedia } from './KeepMedia.tsx';
import { LanguageDialog } from './LanguageDialog.tsx';
import { LineList } from './LineList.tsx';
import { findLines } from './lineSearch.ts';
import { MEDIA_FILES, isVideo } from './listenFiles.ts';
import type { OpenTranscript } from './openTranscript.ts';
import { usePlayback } from './playback.ts';
import { Player } from './Player.tsx';
import { ReplaceBar } from './ReplaceBar.tsx';
import type { SpeechChoice } from './speechChoice.ts';
import { TranscriptBar } from './TranscriptBar.tsx';
import { useHearAgain } from './useHearAgain.ts';
import { useLineTranslation } from './useLineTranslation.ts';
import type { Listening } from './useListening.ts';
import { useOpenTranscript } from './useOpenTranscript.ts';

/** What Alt+J and Alt+L skip. Seconds. */
const SKIP_S = 5;

export interface JobState {
  running: boolean;
  waiting: boolean;
  progress: Progress | null;
  failure: Failure | null;
  stop: () => void;
  /** Hears the rest of a file. */
  goOn: (file: Blob) => void;
}

interface Props {
  /** What hears, and whether it is on this device. */
  speech: SpeechChoice;
  installation: Installation;
  transcript: OpenTranscript;
  /** What it was made of, where that is at hand. */
  media: File | null;
  job: JobState;
  listening: Listening;
  isShown: () => boolean;
  onMedia: (file: File) => void;
  onClose: () => void;
}

/** A transcript to read, hear, search, edit, translate and take away. */
export function TranscriptView({
  speech,
  installation: hearing,
  transcript,
  media,
  job,
  listening,
  isShown,
  onMedia,
  onClose,
}: Props) {
  const { t, i18n } = useTranslation();
  const notify = useNotify();
  const { settings } = useSettings();
  const { models } = useDesk();
  const snapshot = useOpenTranscript(transcript);
  const { record, lines } = snapshot;
  const { to } = record;
  const written = record.textLanguage ?? record.language;
  const player = useRef<HTMLMediaElement>(null);
  const screen = useRef<HTMLElement>(null);
  const recording = useRecording(record.recorded ? record.id : null);
  const sound = media ?? recording;
  const playback = usePlayback(player, sound, lines);
  const [query, setQuery] = useState('');
  const [step, setStep] = useState(0);
  const [exporting, setExporting] = useState(false);
  const [correcting, setCorrecting] = useState<string | null>(null);
  const again = useHearAgain(transcript, settings.provider);
  const model = to === null ? undefined : modelToGet(routeFor(models.list ?? [], written, to));
  const installation = useInstallation(model, to !== null && lines.length > 0, models.refresh);
  const translation = useLineTranslation(
    transcript,
    snapshot,
    (from, into) =>
      routeFor(models.list ?? [], from, into)?.models.every(({ state }) => state === 'installed') === true,
    settings.provider,
  );

  const matches = findLines(lines, query);
  const found =
    matches.length === 0 ? null : (matches[((step % matches.length) + matches.length) % matches.length] ?? null);
  useEditorKeys(
    {
      undo: () => transcript.undo(),
      redo: () => transcript.redo(),
      play: playback.toggle,
      back: () => playback.skip(-SKIP_S),
      forward: () => playback.skip(SKIP_S),
    },
    isShown,
  );
  const video = sound !== null && isVideo({ type: sound.type, name: media?.name ?? record.title });
  const idle = !job.running && !job.waiting && !again.running;
  const broken = record.state === 'growing' && idle;
  // Only of a file is there a rest to hear, and only where it is at hand.
  const unfinished = record.origin === 'file' && record.state !== 'finished' && idle;
  const goOn = unfinished && sound && job.failure?.code !== 'bad-input' && (
    <Button className="button text-button" onPress={() => job.goOn(sound)}>
      {t('continue')}
    </Button>
  );

  // Subtitles were not heard; and a model of one language hears nothing else.
  const canCorrect = record.origin !== 'subtitles' && speech.languages.length > 0 && lines.length > 0 && idle;
  const correct = useCallback((line: TranscriptLine) => setCorrecting(line.id), []);
  const hearAgain = async (stretch: readonly TranscriptLine[], language: string): Promise<void> => {
    if (!sound) return;
    const name = languageName(language, i18n.language);
    const count = await again.hear(sound, stretch, { ...speech.asked, language });
    if (count === 0) notify(t('spoken.nothing', { language: name }));
    else if (count !== null) notify(t('spoken.heard', { language: name }));
  };

  return (
    <section ref={screen} className="sheet transcript" aria-label={record.title}>
      <TranscriptBar
        transcript={transcript}
        snapshot={snapshot}
        query={query}
        matches={matches.length}
        match={found === null ? 0 : matches.indexOf(found) + 1}
        listening={listening}
        onQuery={(next) => {
          setQuery(next);
          setStep(0);
        }}
        onStep={(by) => setStep(step + by)}
        onLanguage={canCorrect ? () => setCorrecting('all') : null}
        onExport={() => setExporting(true)}
        onClose={onClose}
      />
      {query.trim() !== '' && (
        <ReplaceBar
          query={query}
          matches={matches}
          found={found}
          onEdit={(gone, come) => transcript.edit(gone, come)}
        />
      )}
      <div className="work-notes">
        {job.running && <JobProgress progress={job.progress} label={t('transcript.starting')} onStop={job.stop} />}
        {again.running && <JobProgress progress={again.progress} label={t('spoken.hearing')} onStop={again.stop} />}
        {again.failure && (
          <p className="note" role="alert">
            {t(`errors.${again.failure.code}`)} <span className="quiet">{again.failure.message}</span>
          </p>
        )}
        {job.waiting && speech.model && hearing.state !== 'installed' && (
          <InstallationNote model={speech.model} installation={hearing} />
        )}
        {job.waiting && hearing.state === 'installed' && <p className="quiet">{t('files.waiting')}</p>}
        {record.state === 'stopped' && !job.failure && (
          <p className="note">
            {t('transcript.stopped')} {goOn}
          </p>
        )}
        {broken && (
          <p className="note">
            {t('transcript.interrupted')} {goOn}
          </p>
        )}
        {job.failure && (
          <p className="note" role="alert">
            {job.failure.code === 'bad-input' ? t('transcript.unreadable') : t(`errors.${job.failure.code}`)}{' '}
            <span className="quiet">{job.failure.message}</span> {goOn}
          </p>
        )}
        {to !== null && model && installation.state !== 'installed' && (
          <InstallationNote model={model} installation={installation} />
        )}
        {translation.progress && (
          <JobProgress progress={translation.progress} label={t('progress.starting')} onStop={translation.stop} />
        )}
        {(translation.stopped || translation.failure) && (
          <p className="note" role={translation.failure ? 'alert' : undefined}>
            {translation.failure ? t(`errors.${translation.failure.code}`) : t('stopped')}{' '}
            {translation.failure && <span className="quiet">{translation.failure.message}</span>}
            <Button className="button text-button" onPress={translation.goOn}>
              {t('continue')}
            </Button>
          </p>
        )}
      </div>
      <div className={`transcript-body${video ? ' with-video' : ''}`}>
        {sound ? (
          <div className="player">
            <Player key={record.id} playerRef={player} media={sound} video={video} lines={lines} language={written} />
            {media && !record.recorded && (
              <KeepMedia transcript={record.id} media={media} onKept={() => transcript.change({ recorded: true })} />
            )}
          </div>
        ) : (
          <div className="player no-sound">
            <FileTrigger
              acceptedFileTypes={MEDIA_FILES}
              onSelect={(files) => {
                const file = files?.[0];
                if (file) onMedia(file);
              }}
            >
              <Button className="button">
                <Icon name="media" size={18} />
                {t('player.open')}
              </Button>
            </FileTrigger>
            <span className="quiet">
              {t(unfinished ? 'player.openRest' : record.origin === 'file' ? 'player.openAgain' : 'player.openNote')}
            </span>
          </div>
        )}
        <div className="lines-box">
          {lines.length === 0 && (
            <p className="nothing">{job.running || job.waiting ? t('transcript.listening') : t('transcript.empty')}</p>
          )}
          <LineList
            lines={lines}
            record={record}
            to={to}
            beside={listening.choices.translationPlace !== 'under'}
            query={query}
            found={found?.id ?? null}
            playback={playback}
            canPlay={sound !== null}
            onEdit={(gone, come) => transcript.edit(gone, come)}
            onLanguage={canCorrect ? correct : null}
          />
        </div>
      </div>
      {correcting !== null && (
        <LanguageDialog
          record={record}
          lines={lines}
          line={lines.find(({ id }) => id === correcting) ?? null}
          languages={speech.languages}
          hasSound={sound !== null && canCorrect}
          onHear={(stretch, language) => void hearAgain(stretch, language)}
          onClose={() => setCorrecting(null)}
        />
      )}
      {exporting && <ExportDialog snapshot={snapshot} listening={listening} onClose={() => setExporting(false)} />}
    </section>
  );
}

/** The kept recording of a transcript; null while it is read, and where there is none. */
function useRecording(id: string | null): Blob | null {
  const keepOrTell = useKeepOrTell();
  const [recording, setRecording] = useState<Blob | null>(null);
  useEffect(() => {
    if (id !== null) keepOrTell(readRecording(id).then(setRecording));
  }, [id, keepOrTell]);
  return recording;
}
