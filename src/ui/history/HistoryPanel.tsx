import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Input, SearchField } from 'react-aria-components';
import type { HistoryEntry } from '../../library/database.ts';
import { clearHistory, deleteFromHistory, keepInHistory, listHistory, searchHistory } from '../../library/history.ts';
import { useDesk } from '../DeskContext.tsx';
import { useSettings } from '../SettingsContext.tsx';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { useKeepOrTell, useNotify } from '../shared/Notice.tsx';
import { Panel } from '../shared/Panel.tsx';
import type { PanelProps } from '../shell/panel.ts';

/** Drawn at once; more are a click away. */
const PAGE = 50;

/** Past translations on this device: search, take one up again, delete. */
export default function HistoryPanel({ onClose }: PanelProps) {
  const { t, i18n } = useTranslation();
  const { changeDraft } = useDesk();
  const { settings, change } = useSettings();
  const keepOrTell = useKeepOrTell();
  const notify = useNotify();
  const [entries, setEntries] = useState<HistoryEntry[] | null>(null);
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState(PAGE);
  useEffect(() => keepOrTell(listHistory().then(setEntries)), [keepOrTell]);
  const bringBack = async (deleted: HistoryEntry[]): Promise<void> => {
    await Promise.all(deleted.map(keepInHistory));
    setEntries(await listHistory());
  };

  const restore = (entry: HistoryEntry): void => {
    changeDraft({ source: entry.source, from: entry.from, to: entry.to });
    onClose();
  };
  const remove = (entry: HistoryEntry): void => {
    setEntries((before) => before?.filter(({ id }) => id !== entry.id) ?? null);
    keepOrTell(deleteFromHistory(entry.id));
    notify(t('history.deleted'), { label: t('undo'), run: () => keepOrTell(bringBack([entry])) });
  };
  const removeAll = (): void => {
    const all = entries ?? [];
    setEntries([]);
    keepOrTell(clearHistory());
    notify(t('history.allDeleted', { count: all.length }), {
      label: t('undo'),
      run: () => keepOrTell(bringBack(all)),
    });
  };

  const found = searchHistory(entries ?? [], query);
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Panel title={t('panels.history')} onClose={onClose}>
      <p className="quiet">{t('history.where')}</p>
      {!settings.keepHistory && (
        <p className="note">
          {t('history.off')}
          <Button className="button text-button" onPress={() => change({ keepHistory: true })}>
            {t('history.turnOn')}
          </Button>
        </p>
      )}
      {entries && entries.length > 0 && (
        <div className="panel-tools">
          <SearchField className="search" aria-label={t('history.search')} value={query} onChange={setQuery}>
            <Icon name="search" size={18} />
            <Input placeholder={t('history.search')} />
          </SearchField>
          <Button className="button danger" onPress={removeAll}>
            <Icon name="trash" size={18} />
            {t('history.deleteAll')}
          </Button>
        </div>
      )}
      {entries && found.length === 0 && <p className="nothing">{query ? t('history.noMatch') : t('history.empty')}</p>}
      <ul className="entries">
        {found.slice(0, shown).map((entry) => (
          <li key={entry.id}>
            <Button className="button entry" onPress={() => restore(entry)}>
              <span className="entry-head">
                {languageName(entry.from, i18n.language)} → {languageName(entry.to, i18n.language)}
                <time dateTime={new Date(entry.at).toISOString()}>{date.format(entry.at)}</time>
              </span>
              <span className="entry-source" lang={entry.from}>
                {entry.source.slice(0, 300)}
              </span>
              <span className="entry-target" lang={entry.to}>
                {entry.target.slice(0, 300)}
              </span>
            </Button>
            <IconButton icon="trash" label={t('history.delete')} onPress={() => remove(entry)} />
          </li>
        ))}
      </ul>
      {found.length > shown && (
        <Button className="button" onPress={() => setShown(shown + PAGE)}>
          {t('history.more')}
        </Button>
      )}
    </Panel>
  );
}
