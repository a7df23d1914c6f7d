import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, FileTrigger, Input, Label, TextField } from 'react-aria-components';
import type { Term } from '../../library/database.ts';
import { deleteTerm, keepTerms } from '../../library/glossary.ts';
import { formatGlossary, parseGlossary } from '../../library/glossaryFile.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { useKeepOrTell, useNotify } from '../shared/Notice.tsx';
import { Panel } from '../shared/Panel.tsx';
import { PickOne } from '../shared/PickOne.tsx';
import { saveFile } from '../shared/saveFile.ts';
import type { PanelProps } from '../shell/panel.ts';
import { sourceLanguages, targetLanguages } from '../useModels.ts';

interface Direction {
  from: string;
  to: string;
}

/** Towards a language if that can be reached from here, or else towards the first that can. */
function directionFrom(models: ModelInfo[], from: string, to: string): Direction | null {
  const targets = targetLanguages(models, from);
  const target = targets.includes(to) ? to : targets[0];
  return target === undefined ? null : { from, to: target };
}

/** That of the text on the desk, where it says one. */
function firstDirection(models: ModelInfo[], { from, to }: Direction): Direction | null {
  const sources = sourceLanguages(models);
  const reaching = sources.filter((source) => targetLanguages(models, source).includes(to));
  const source = sources.includes(from) ? from : (reaching[0] ?? sources[0]);
  return source === undefined ? null : directionFrom(models, source, to);
}

/** The reader's own terms, by direction. */
export default function GlossaryPanel({ onClose }: PanelProps) {
  const { t, i18n } = useTranslation();
  const { draft, terms, reloadTerms, models } = useDesk();
  const keepOrTell = useKeepOrTell();
  const notify = useNotify();
  const list = models.list ?? [];
  const sources = sourceLanguages(list);
  const [chosen, setChosen] = useState<Direction | null>(null);
  const direction = chosen ?? firstDirection(list, draft);
  const [editing, setEditing] = useState<Term | null>(null);
  const [source, setSource] = useState('');
  const [target, setTarget] = useState('');

  const here = terms.filter((term) => term.from === direction?.from && term.to === direction.to);
  const keep = async (kept: Term[]): Promise<void> => {
    await keepTerms(kept);
    reloadTerms();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!direction || source.trim() === '' || target.trim() === '') return;
    const same = here.find((term) => term.source === source.trim());
    const id = editing?.id ?? same?.id ?? crypto.randomUUID();
    keepOrTell(keep([{ id, from: direction.from, to: direction.to, source: source.trim(), target: target.trim() }]));
    edit(null);
  };
  const edit = (term: Term | null): void => {
    setEditing(term);
    setSource(term?.source ?? '');
    setTarget(term?.target ?? '');
  };
  const remove = (term: Term): void => {
    keepOrTell(deleteTerm(term.id).then(reloadTerms));
    if (editing?.id === term.id) edit(null);
    notify(t('glossary.deleted', { term: term.source }), { label: t('undo'), run: () => keepOrTell(keep([term])) });
  };
  const importFile = async (file: File): Promise<void> => {
    if (!direction) return;
    const { rows, skipped } = parseGlossary(await file.text());
    const known = new Map(here.map((term) => [term.source, term.id]));
    await keep(
      rows.map((row) => ({
        id: known.get(row.source) ?? crypto.randomUUID(),
        from: direction.from,
        to: direction.to,
        ...row,
      })),
    );
    notify(
      t('glossary.imported', { count: rows.length }) +
        (skipped > 0 ? ` ${t('glossary.skipped', { count: skipped })}` : ''),
    );
  };
  const name = (language: string): string => languageName(language, i18n.language);
  const named = (id: string) => ({ id, label: name(id) });
  const choose = (from: string, to: string): void => {
    setChosen(directionFrom(list, from, to));
    edit(null);
  };

  return (
    <Panel title={t('panels.glossary')} onClose={onClose}>
      <p className="quiet">{t('glossary.what')}</p>
      {direction && (
        <>
          <div className="term-direction">
            <PickOne
              label={t('languages.from')}
              value={direction.from}
              options={sources.map(named)}
              onChange={(from) => choose(from, direction.to)}
            />
            <PickOne
              label={t('languages.to')}
              value={direction.to}
              options={targetLanguages(list, direction.from).map(named)}
              onChange={(to) => choose(direction.from, to)}
            />
          </div>
          <form className="term-form" onSubmit={submit}>
            <TextField value={source} onChange={setSource} className="field">
              <Label>{t('glossary.source', { language: name(direction.from) })}</Label>
              <Input lang={direction.from} autoComplete="off" />
            </TextField>
            <TextField value={target} onChange={setTarget} className="field">
              <Label>{t('glossary.target', { language: name(direction.to) })}</Label>
              <Input lang={direction.to} autoComplete="off" />
            </TextField>
            <Button type="submit" className="button primary" isDisabled={source.trim() === '' || target.trim() === ''}>
              <Icon name={editing ? 'check' : 'plus'} size={18} />
              {editing ? t('glossary.save') : t('glossary.add')}
            </Button>
          </form>
          {here.length === 0 ? (
            <p className="nothing">{t('glossary.empty')}</p>
          ) : (
            <ul className="terms">
              {here.map((term) => (
                <li key={term.id}>
                  <Button
                    className="button entry term-entry"
                    onPress={() => edit(term)}
                    aria-label={t('glossary.edit', { term: term.source })}
                  >
                    <span lang={term.from}>{term.source}</span>
                    <span aria-hidden="true">→</span>
                    <span lang={term.to}>{term.target}</span>
                  </Button>
                  <IconButton
                    icon="trash"
                    label={t('glossary.delete', { term: term.source })}
                    onPress={() => remove(term)}
                  />
                </li>
              ))}
            </ul>
          )}
          <div className="panel-tools">
            <FileTrigger
              acceptedFileTypes={['.csv', '.tsv', '.txt', 'text/csv', 'text/tab-separated-values']}
              onSelect={(files) => {
                const file = files?.[0];
                if (file) keepOrTell(importFile(file));
              }}
            >
              <Button className="button">
                <Icon name="open" size={18} />
                {t('glossary.import')}
              </Button>
            </FileTrigger>
            {here.length > 0 && (
              <Button
                className="button"
                onPress={() =>
                  saveFile(`glossary.${direction.from}-${direction.to}.csv`, formatGlossary(here), 'text/csv')
                }
              >
                <Icon name="save" size={18} />
                {t('glossary.export')}
              </Button>
            )}
          </div>
        </>
      )}
    </Panel>
  );
}
