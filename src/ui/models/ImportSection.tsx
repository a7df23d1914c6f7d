import { useTranslation } from 'react-i18next';
import { Button, FileTrigger, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import { pickedFiles } from '../shared/chosenFiles.ts';
import { formatBytes, languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { modelName } from '../shared/modelName.ts';
import { useNotify } from '../shared/Notice.tsx';
import { useKeptFocus } from '../shared/useKeptFocus.ts';
import { type About, areLanguages, type Import, tagsIn } from './useImport.ts';

/** The id of the section's heading. */
export const BRING_TITLE = 'bring-title';

/** A model that the reader has: what its files are, what is to be said of it, and its conversion. */
export function ImportSection({ bringing }: { bringing: Import }) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const notify = useNotify();
  const { found, running, progress, failure, stop, look, start, dismiss } = bringing;
  const keptFocus = useKeptFocus<HTMLElement>();
  const take = (files: FileList | null): void => {
    if (files) void look(pickedFiles(files));
  };
  const convert = async (): Promise<void> => {
    const outcome = await start();
    if (outcome.state === 'done') notify(t('bring.done', { model: modelName(t, outcome.value, i18n.language) }));
    await models.refresh();
  };

  return (
    <section {...keptFocus} className="bring" aria-labelledby={BRING_TITLE}>
      <h3 id={BRING_TITLE}>{t('bring.title')}</h3>
      <p className="quiet">{t('bring.lead')}</p>
      {running && <JobProgress progress={progress} label={t('models.importing')} onStop={stop} />}
      {!running && found && <Found bringing={bringing} onConvert={() => void convert()} onDismiss={dismiss} />}
      {!running && !found && (
        <div className="panel-tools">
          <FileTrigger allowsMultiple onSelect={take}>
            <Button className="button">
              <Icon name="open" size={18} />
              {t('bring.files')}
            </Button>
          </FileTrigger>
          <FileTrigger acceptDirectory onSelect={take}>
            <Button className="button">{t('bring.folder')}</Button>
          </FileTrigger>
        </div>
      )}
      {failure && (
        <p className="note" role="alert">
          {t(`errors.${failure.code}`)} <span className="quiet">{failure.message}</span>
        </p>
      )}
    </section>
  );
}

interface FoundProps {
  bringing: Import;
  onConvert: () => void;
  onDismiss: () => void;
}

/** What the files are, and a form for what they do not say. */
function Found({ bringing: { found, describe }, onConvert, onDismiss }: FoundProps) {
  const { t, i18n } = useTranslation();
  if (!found) return null;
  const { info, about } = found;
  const translates = info.kind === 'translation';
  // What this app exported says all of itself.
  const isOwn = info.format === 'Glossa';
  const ready = isOwn || !translates || (areLanguages(about.from) && areLanguages(about.to));
  return (
    <Form
      className="bring-found"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onConvert();
      }}
    >
      <p>
        {t('bring.found', { format: info.format, size: formatBytes(info.sizeBytes, i18n.language) })}{' '}
        <span className="quiet">{t(`bring.kinds.${info.kind}`)}</span>
      </p>
      {!isOwn && (
        <>
          <AboutField field="name" label={t('bring.name')} {...{ about, describe }} />
          {translates && (
            <div className="bring-pair">
              <LanguageField field="from" label={t('bring.from')} {...{ about, describe }} />
              <LanguageField field="to" label={t('bring.to')} {...{ about, describe }} />
            </div>
          )}
          <AboutField field="licence" label={t('bring.licence')} {...{ about, describe }} />
        </>
      )}
      <p className="note-actions">
        <Button className="button primary" type="submit" isDisabled={!ready}>
          {t('bring.convert')}
        </Button>
        <Button className="button" onPress={onDismiss}>
          {t('cancel')}
        </Button>
      </p>
    </Form>
  );
}

interface FieldProps {
  field: keyof About;
  label: string;
  about: About;
  describe: (change: Partial<About>) => void;
}

function AboutField({ field, label, about, describe }: FieldProps) {
  return (
    <TextField className="field" value={about[field]} onChange={(value) => describe({ [field]: value })}>
      <Label>{label}</Label>
      <Input />
    </TextField>
  );
}

/** Tags, and the names of the languages that they stand for. */
function LanguageField({ field, label, about, describe }: FieldProps) {
  const { t, i18n } = useTranslation();
  const value = about[field];
  const known = areLanguages(value);
  return (
    <TextField
      className="field"
      value={value}
      isInvalid={!known}
      onChange={(changed) => describe({ [field]: changed })}
    >
      <Label>{label}</Label>
      <Input placeholder="en" autoCapitalize="off" spellCheck={false} />
      <Text slot="description" className="quiet">
        {known ? tagsIn(value).map((tag) => languageName(tag, i18n.language)).join(', ') : t('bring.tags')}
      </Text>
    </TextField>
  );
}
