import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TranscriptRecord } from '../../library/transcriptTypes.ts';
import { useDesk } from '../DeskContext.tsx';
import { useGivenFiles } from '../given/useGivenFiles.ts';
import { DropZone } from '../shared/DropZone.tsx';
import { useNotify } from '../shared/Notice.tsx';
import { StatusLine } from '../shared/StatusLine.tsx';
import { useInstallation } from '../shared/useInstallation.ts';
import type { ScreenProps } from '../shell/screen.ts';
import { useSettings } from '../SettingsContext.tsx';
import { modelToGet, routeFor, targetLanguages } from '../useModels.ts';
import { useTask } from '../useTask.ts';
import exampleUrl from './example.webm?url';
import { HomeView } from './HomeView.tsx';
import { isSubtitleFile, readSubtitles } from './listenFiles.ts';
import { LiveView } from './LiveView.tsx';
import type { OpenTranscript } from './openTranscript.ts';
import { speechChoice } from './speechChoice.ts';
import { SpeechRan } from './SpeechRan.tsx';
import { TranscriptList } from './TranscriptList.tsx';
import { TranscriptView } from './TranscriptView.tsx';
import { useFileJobs } from './useFileJobs.ts';
import { useListening } from './useListening.ts';
import { useLive } from './useLive.ts';
import { useShelf } from './useShelf.ts';
import { useSpeechWarmUp } from './useSpeechWarmUp.ts';
import '../shared/panel.css';
import '../shared/work.css';
import './captions.css';
import './transcript.css';

/** The listener: live captions, files written down, and everything that was written down before. */
export default function ListenScreen({ isShown }: ScreenProps) {
  const { t, i18n } = useTranslation();
  const notify = useNotify();
  const { settings } = useSettings();
  const { models } = useDesk();
  const { run } = useTask();
  const listening = useListening();
  const shelf = useShelf();
  const [shown, setShown] = useState<OpenTranscript | null>(null);
  /** What was opened from the device in this visit, by transcript: browsers let a page keep a file no longer. */
  const [media, setMedia] = useState<Record<string, File>>({});
  /** What waits for the model. */
  const [pending, setPending] = useState<'microphone' | 'tab' | 'file' | null>(null);

  const { microphone, keepRecording, translateTo } = listening.choices;
  const speech = speechChoice(models.list ?? [], listening.choices);
  const { model, asked, textLanguage } = speech;
  /** What a transcript is said to be in before anything is heard. */
  const language = speech.spoken ?? model?.from[0] ?? 'en';
  const installation = useInstallation(model, isShown && pending !== null, models.refresh);
  const ready = installation.state === 'installed';
  useSpeechWarmUp(ready && isShown, asked.model, settings.provider);
  const targets = targetLanguages(models.list ?? [], textLanguage ?? undefined);
  const to = translateTo !== null && targets.includes(translateTo) ? translateTo : null;
  // Which translator is needed where any language may be spoken, shows when it is.
  const translator =
    to === null || textLanguage === null ? undefined : modelToGet(routeFor(models.list ?? [], textLanguage, to));
  const translatorInstallation = useInstallation(
    translator,
    isShown && (pending === 'microphone' || pending === 'tab'),
    models.refresh,
  );
  const readyLive = ready && (translator === undefined || translatorInstallation.state === 'installed');
  const live = useLive({ microphone, keepRecording, asked, to, provider: settings.provider });

  const jobs = useFileJobs(ready, asked, settings.provider, ({ transcript }, failure) => {
    if (transcript.snapshot().lines.length > 0) return;
    // Nothing was heard of it: there is nothing to keep.
    const reason = failure.code === 'bad-input' ? t('transcript.unreadable') : t(`errors.${failure.code}`);
    notify(`${transcript.snapshot().record.title}: ${reason} ${failure.message}`, {
      label: t('dismiss'),
      run: () => undefined,
    });
    shelf.discard(transcript);
    setShown((before) => (before === transcript ? null : before));
  });

  const { refresh } = shelf;
  useEffect(() => {
    if (shown === null) refresh();
  }, [shown, refresh, jobs.running]);

  const date = (): string =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(Date.now());

  const startLive = async (origin: 'microphone' | 'tab'): Promise<void> => {
    if (!readyLive) {
      setPending(origin);
      for (const each of [installation, translatorInstallation]) {
        if (each.state === 'ask' || each.state === 'failed') each.fetch();
      }
      return;
    }
    setPending(null);
    await live.start(origin, () =>
      shelf.create({ title: t(`live.titles.${origin}`, { date: date() }), origin, language }),
    );
  };
  const goOn = (): void => {
    setPending(null);
    if (pending === 'microphone') void startLive(pending);
    // Browsers share a tab only right after a click: the wait was too long for that.
    if (pending === 'tab') notify(t('live.ready'));
  };
  const latestGoOn = useRef(goOn);
  useEffect(() => {
    latestGoOn.current = goOn;
  });
  const awaited = pending === 'file' ? ready : readyLive;
  useEffect(() => {
    if (awaited) latestGoOn.current();
  }, [awaited]);

  const openSubtitles = async (file: File): Promise<OpenTranscript | null> => {
    try {
      const { lines, skipped } = await readSubtitles(file);
      const detected = await run((glossa) =>
        glossa.detect(
          lines
            .map(({ text }) => text)
            .join('\n')
            .slice(0, 2000),
        ),
      );
      const spoken = (detected.state === 'done' ? detected.value.language : null) ?? 'en';
      if (skipped > 0) notify(t('transcript.skipped', { count: skipped }));
      const transcript = shelf.create({ title: file.name, origin: 'subtitles', language: spoken }, lines);
      transcript.change({ state: 'finished' });
      return transcript;
    } catch {
      notify(t('transcript.noCaptions', { name: file.name }));
      return null;
    }
  };

  const openFiles = async (files: File[]): Promise<void> => {
    const opened: OpenTranscript[] = [];
    for (const file of files) {
      if (isSubtitleFile(file)) {
        const transcript = await openSubtitles(file);
        if (transcript) opened.push(transcript);
        continue;
      }
      const transcript = shelf.create({ title: file.name, origin: 'file', language });
      setMedia((before) => ({ ...before, [transcript.id]: file }));
      jobs.add({ file, transcript });
      if (!ready) setPending('file');
      opened.push(transcript);
    }
    const [first] = opened;
    if (opened.length === 1 && first) setShown(first);
    else refresh();
  };
  useGivenFiles('listen', openFiles);

  const openExample = async (): Promise<void> => {
    try {
      const sound = await (await fetch(exampleUrl)).blob();
      await openFiles([new File([sound], 'A Tale of Two Cities.webm', { type: 'audio/webm' })]);
    } catch {
      notify(t('home.exampleFailed'));
    }
  };

  const finishLive = async (): Promise<void> => {
    const transcript = await live.stop();
    if (!transcript) return;
    if (transcript.snapshot().lines.length > 0) setShown(transcript);
    else {
      shelf.discard(transcript);
      notify(t('live.nothing'));
    }
  };
  const openRecord = useCallback(async (record: TranscriptRecord) => setShown(await shelf.open(record)), [shelf]);

  const shownId = shown?.id ?? '';
  const ran = jobs.runs[shownId] ?? null;
  return (
    <DropZone
      className="listen-screen"
      label={t('home.dropHere')}
      onFiles={(files) => openFiles(files.map(({ file }) => file))}
    >
      {live.now ? (
        <LiveView live={live} now={live.now} listening={listening} onStop={() => void finishLive()} />
      ) : shown ? (
        <TranscriptView
          key={shown.id}
          transcript={shown}
          media={media[shown.id] ?? null}
          job={{
            running: jobs.running === shown.id,
            waiting: jobs.waiting.includes(shown.id),
            progress: jobs.running === shown.id ? jobs.progress : null,
            failure: jobs.failures[shown.id] ?? null,
            stop: jobs.stop,
            goOn: (file) => jobs.add({ file, transcript: shown }),
          }}
          speech={speech}
          installation={installation}
          listening={listening}
          isShown={() => isShown}
          onMedia={(file) => setMedia((before) => ({ ...before, [shown.id]: file }))}
          onClose={() => setShown(null)}
        />
      ) : (
        <>
          <HomeView
            models={[
              { model, installation },
              { model: translator, installation: translatorInstallation },
            ]}
            wanted={pending !== null}
            live={live}
            speech={speech}
            listening={listening}
            targets={targets}
            language={language}
            onStart={(origin) => void startLive(origin)}
            onFiles={(files) => void openFiles(files)}
            onExample={() => void openExample()}
          />
          {shelf.records && shelf.records.length > 0 && (
            <TranscriptList
              records={shelf.records}
              jobs={jobs}
              onOpen={(record) => void openRecord(record)}
              onRemove={(record) => void shelf.remove(record)}
            />
          )}
        </>
      )}
      <StatusLine promise={t('network.lineSound')}>{ran && <SpeechRan ran={ran} />}</StatusLine>
    </DropZone>
  );
}
