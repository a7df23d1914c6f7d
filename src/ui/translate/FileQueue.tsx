import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { TranslatedSentence } from '../../protocol/types.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { saveFile } from '../shared/saveFile.ts';
import { useTask } from '../useTask.ts';
import { outputName } from './textFile.ts';
import { emptyProgress, layOut, outputText } from './units.ts';
import type { OpenedFile } from './useOpenFiles.ts';

interface Props {
  files: OpenedFile[];
  from: string;
  to: string;
  terms: [string, string][];
  beams: number;
  provider: ProviderChoice;
  onClose: () => void;
}

type Result = { state: 'done' | 'stopped'; text: string; to: string } | { state: 'failed'; code: string };

/** The sentences that were finished, with what stood between them in the source. */
const finishedText = (source: string, sentences: TranslatedSentence[]): string =>
  outputText(layOut([{ text: source, start: 0, end: '' }], [{ ...emptyProgress(), sentences }], {}));

/** Files translated one after the other, each saved under its own name. */
export function FileQueue({ files, onClose, ...choice }: Props) {
  const { t } = useTranslation();
  const { run, stop, progress } = useTask();
  const [results, setResults] = useState<Record<string, Result>>({});
  const current = files.find(({ id }) => !results[id]);
  // A file is finished with what was chosen when it was begun: a later choice must not start it again.
  const latestChoice = useRef(choice);
  useEffect(() => {
    latestChoice.current = choice;
  });

  useEffect(() => {
    if (!current) return;
    const { id, text } = current;
    const { from, to, terms, beams, provider } = latestChoice.current;
    // What was finished before a stop, by its place in the source.
    const sentences: TranslatedSentence[] = [];
    void run((glossa, options) =>
      glossa.translate(text, {
        ...options,
        from,
        to,
        beams,
        provider,
        glossary: terms,
        onSentence: ({ index, sentence }) => {
          sentences[index] = sentence;
        },
      }),
    ).then((outcome) => {
      if (outcome.state === 'superseded') return;
      const result: Result =
        outcome.state === 'done'
          ? { state: 'done', text: outcome.value.text, to }
          : outcome.state === 'failed'
            ? { state: 'failed', code: outcome.failure.code }
            : { state: 'stopped', text: finishedText(text, sentences), to };
      setResults((before) => ({ ...before, [id]: result }));
    });
  }, [current, run]);

  if (files.length === 0) return null;
  return (
    <section className="file-queue" aria-label={t('files.label')}>
      <header>
        <h2>{t('files.label')}</h2>
        <IconButton
          icon="close"
          label={t('close')}
          onPress={() => {
            stop();
            onClose();
          }}
        />
      </header>
      <ul>
        {files.map((file) => {
          const result = results[file.id];
          return (
            <li key={file.id}>
              <Icon name="document" />
              <span className="file-name">{file.name}</span>
              {file === current && <JobProgress progress={progress} label={t('progress.starting')} onStop={stop} />}
              {!result && file !== current && <span className="quiet">{t('files.waiting')}</span>}
              {result?.state === 'failed' && <span className="quiet">{t('files.failed')}</span>}
              {result?.state === 'stopped' && <span className="quiet">{t('files.stopped')}</span>}
              {result && result.state !== 'failed' && (
                <Button className="button" onPress={() => saveFile(outputName(file.name, result.to), result.text)}>
                  <Icon name="save" size={18} />
                  {t('files.save')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
