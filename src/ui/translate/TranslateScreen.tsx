import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Alternative } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { useGivenFiles } from '../given/useGivenFiles.ts';
import { useSettings } from '../SettingsContext.tsx';
import { languageName } from '../shared/format.ts';
import { InstallationNote } from '../shared/InstallationNote.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { DropZone } from '../shared/DropZone.tsx';
import { useNotify } from '../shared/Notice.tsx';
import { saveFile } from '../shared/saveFile.ts';
import { StatusLine } from '../shared/StatusLine.tsx';
import { useInstallation } from '../shared/useInstallation.ts';
import { modelToGet, routeFor, sourceLanguages } from '../useModels.ts';
import { Alternatives } from './Alternatives.tsx';
import { Checks } from './Checks.tsx';
import { EmptyTarget } from './EmptyTarget.tsx';
import { FileQueue } from './FileQueue.tsx';
import { LanguageBar } from './LanguageBar.tsx';
import { isBlank } from './lines.ts';
import { SourcePane } from './SourcePane.tsx';
import { MIRRORED_LENGTH } from './SourceText.tsx';
import { TargetPane } from './TargetPane.tsx';
import { TargetText } from './TargetText.tsx';
import { TranslationRan } from './TranslationRan.tsx';
import { outputName } from './textFile.ts';
import { outputText } from './units.ts';
import { Unreadable } from './Unreadable.tsx';
import { useActive } from './useActive.ts';
import { useClipboard } from './useClipboard.ts';
import { useDirection } from './useDirection.ts';
import { useHistory } from './useHistory.ts';
import { useOpenFiles } from './useOpenFiles.ts';
import { useShortcuts } from './useShortcuts.ts';
import { useSpeech } from './useSpeech.ts';
import { useTranslator } from './useTranslator.ts';
import { useWarmUp } from './useWarmUp.ts';
import { warningText } from './warningText.ts';
import './translate.css';

/** The translator: two panes, and everything that can be done with what is in them. */
export function TranslateScreen() {
  const { t, i18n } = useTranslation();
  const notify = useNotify();
  const { settings } = useSettings();
  const { draft, changeDraft, replaceDraft, terms: allTerms, models } = useDesk();
  const { source, picks } = draft;
  const field = useRef<HTMLTextAreaElement>(null);
  const target = useRef<HTMLElement>(null);
  const [cleared, setCleared] = useState<string | null>(null);
  const [openUnit, setOpenUnit] = useState<string | null>(null);

  const direction = useDirection(source, draft, models.list, changeDraft);
  const { from, to, model } = direction;
  const blank = isBlank(source);
  const installation = useInstallation(model, !blank, models.refresh);
  const ready = installation.state === 'installed';
  const readable = sourceLanguages(models.list ?? []);
  // Before anything is written, what would be written is a guess good enough to load a model and choose an example by.
  const likely = from ?? readable.find((language) => language !== to) ?? null;
  const likelyModel = likely === null ? undefined : modelToGet(routeFor(models.list ?? [], likely, to));
  useWarmUp(likelyModel?.state === 'installed' ? likely : null, to, settings.provider);

  const terms = useMemo(
    () =>
      allTerms
        .filter((term) => term.from === from && term.to === to)
        .map((term): [string, string] => [term.source, term.target]),
    [allTerms, from, to],
  );
  const { beams, provider } = settings;
  const translator = useTranslator({ text: source, from, to, terms, beams, provider, ready, picks });
  const { output, settled } = translator;
  const translation = useMemo(() => outputText(output), [output]);
  const hasText = !blank && translation.trim() !== '';
  // Highlights need the text that the sentences were found in.
  const inStep = translator.outputOf === source;
  const { lit, point } = useActive(output.units, inStep, openUnit);
  useHistory(
    settings.keepHistory && settled && hasText && from !== null ? { from, to, source, target: translation } : null,
  );

  const write = useCallback((text: string) => changeDraft({ source: text }), [changeDraft]);
  const files = useOpenFiles(replaceDraft);
  useGivenFiles('translate', files.open);
  const clipboard = useClipboard();
  const sourceSpeech = useSpeech(from);
  const targetSpeech = useSpeech(to);

  const actions = {
    translate: translator.translateNow,
    stop: () => (installation.state === 'fetching' ? installation.stop() : translator.stop()),
    source: () => field.current?.focus(),
    target: () => target.current?.querySelector<HTMLElement>('[role=button][tabindex="0"]')?.focus(),
    swap: () => {
      if (!direction.canSwap) return;
      const next = likely ?? to;
      // What was read becomes what is written; a half-finished translation is not a text to go on with.
      changeDraft({ from: to, to: next, ...(hasText && settled ? { source: translation, picks: {} } : {}) });
    },
    copy: () => {
      if (hasText) void clipboard.copy(translation);
    },
    clear: () => {
      if (source === '') return;
      setCleared(source);
      changeDraft({ source: '' });
      files.forget();
      field.current?.focus();
    },
    undo: () => {
      if (cleared === null || source !== '') return;
      changeDraft({ source: cleared });
      setCleared(null);
      field.current?.focus();
    },
    listen: () => toggle(targetSpeech, translation, to),
    share: () => {
      if (!blank) void clipboard.share(source, from ?? draft.from, to);
    },
  };
  useShortcuts(actions);

  function toggle(speech: ReturnType<typeof useSpeech>, text: string, language: string | null): void {
    if (speech.speaking) speech.stop();
    else if (speech.available) speech.speak(text);
    else notify(t('speech.none', { language: language === null ? '' : languageName(language, i18n.language) }));
  }

  const pick = (sentence: string, wording: Alternative | null): void => {
    const { [sentence]: _, ...others } = picks;
    changeDraft({ picks: wording ? { ...others, [sentence]: wording } : others });
  };
  const show = (unit: string): void => {
    target.current?.querySelector<HTMLElement>(`[data-unit="${CSS.escape(unit)}"]`)?.focus();
  };
  const opened = output.units.find(({ id }) => id === openUnit);

  return (
    <DropZone
      className="translate-screen"
      label={t('files.drop')}
      onFiles={(dropped) => files.open(dropped.map(({ file }) => file))}
    >
      <div className="sheet">
        <LanguageBar choice={draft.from} direction={direction} models={models.list ?? []} onSwap={actions.swap} />
        <div className="panes">
          <SourcePane
            field={field}
            text={source}
            language={from}
            units={inStep ? output.units : []}
            lit={lit}
            canUndoClear={cleared !== null}
            speaking={sourceSpeech.speaking}
            onChange={write}
            point={point}
            onPaste={() => void clipboard.paste(field.current, write)}
            onOpenFiles={(chosen) => void files.open(chosen)}
            onSpeak={() => toggle(sourceSpeech, source, from)}
            onClear={actions.clear}
            onUndoClear={actions.undo}
          />
          <TargetPane
            ref={target}
            hasText={hasText}
            copied={clipboard.copied === translation}
            speaking={targetSpeech.speaking}
            long={source.length > MIRRORED_LENGTH}
            onCopy={actions.copy}
            onSpeak={actions.listen}
            onSave={() => saveFile(outputName(files.name, to), translation)}
            onShare={actions.share}
          >
            {blank && <EmptyTarget language={likely ?? ''} model={likelyModel} onExample={write} />}
            {!blank && models.list && from !== null && !model && (
              <Unreadable language={from} readable={readable} onChoose={direction.chooseFrom} />
            )}
            {!blank && model && !ready && <InstallationNote model={model} installation={installation} />}
            {!blank && ready && (
              <>
                <TargetText
                  output={output}
                  language={to}
                  lit={lit}
                  terms={terms}
                  openUnit={openUnit}
                  point={point}
                  onOpen={setOpenUnit}
                />
                {translator.warnings.map((warning) => (
                  <p key={warning.code} className="note">
                    {warning.code === 'other-language' && warning.found !== undefined
                      ? t('warnings.other-language', { found: languageName(warning.found, i18n.language) })
                      : warningText(t, warning)}
                  </p>
                ))}
                {settled && <Checks units={output.units} onShow={show} />}
              </>
            )}
            {translator.running && (
              <div className="running">
                <JobProgress progress={translator.progress} label={t('progress.starting')} onStop={translator.stop} />
              </div>
            )}
            {translator.stopped && (
              <p className="note">
                {t('stopped')}
                <Button className="button text-button" onPress={translator.translateNow}>
                  {t('continue')}
                </Button>
              </p>
            )}
            {(translator.failure ?? models.failure) && (
              <p className="note" role="alert">
                {t(`errors.${(translator.failure ?? models.failure)?.code ?? 'internal'}`)}
                <Button
                  className="button text-button"
                  onPress={() => (translator.failure ? translator.translateNow() : void models.refresh())}
                >
                  {t('retry')}
                </Button>
              </p>
            )}
          </TargetPane>
        </div>
      </div>
      <FileQueue
        files={files.queue}
        from={from ?? 'auto'}
        to={to}
        terms={terms}
        beams={beams}
        provider={provider}
        onClose={files.closeQueue}
      />
      <StatusLine promise={t('network.line')}>{translator.ran && <TranslationRan ran={translator.ran} />}</StatusLine>
      <p className="visually-hidden" role="status">
        {settled && hasText ? t('target.announce', { count: output.units.length }) : ''}
      </p>
      {opened?.sentence && from !== null && (
        <Alternatives
          key={opened.id}
          unit={opened}
          sentence={opened.sentence}
          from={from}
          to={to}
          terms={terms}
          provider={provider}
          onPick={(wording) => pick(opened.sentence?.source ?? '', wording)}
          onClose={() => setOpenUnit(null)}
        />
      )}
    </DropZone>
  );
}
