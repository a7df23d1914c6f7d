import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Input, SearchField } from 'react-aria-components';
import type { CatalogueEntry, SourceInfo } from '../../../protocol/catalogue.ts';
import { formatNumber } from '../../shared/format.ts';
import { Icon } from '../../shared/Icon.tsx';
import { EntryRow } from './EntryRow.tsx';
import { searchEntries } from './searchEntries.ts';

/** So many rows say enough: a search finds the others. */
const MOST_ROWS = 30;

interface Props {
  source: SourceInfo;
  entries: readonly CatalogueEntry[];
  begun: readonly CatalogueEntry[];
  searchable: boolean;
  onChange: () => Promise<void>;
}

/** What a source has, as much of it as a reader can look through, and what was begun of it. */
export function EntryList({ source, entries, begun, searchable, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const [query, setQuery] = useState('');
  const found = searchEntries(entries, query, i18n.language);
  const begunBytes = (id: string): number | null => {
    const entry = begun.find((other) => other.id === id);
    return entry ? (entry.fetchedBytes ?? 0) : null;
  };
  const rows = found.filter(({ id }, i) => i < MOST_ROWS || begunBytes(id) !== null);
  const number = (value: number): string => formatNumber(value, i18n.language);
  return (
    <>
      {searchable && (
        <SearchField
          className="search"
          aria-label={t('catalogue.searchOf', { source: source.name })}
          value={query}
          // The button that had the list shown is gone, and the focus with it.
          autoFocus
          onChange={setQuery}
        >
          <Icon name="search" size={18} />
          <Input placeholder={t('catalogue.search')} />
        </SearchField>
      )}
      <p className="quiet" role="status">
        {found.length === 0 && searchable && t('catalogue.none')}
        {found.length > rows.length &&
          t('catalogue.some', { shown: number(rows.length), total: number(found.length) })}
      </p>
      <ul className="models">
        {rows.map((entry) => (
          <EntryRow key={entry.id} entry={entry} begunBytes={begunBytes(entry.id)} onChange={onChange} />
        ))}
      </ul>
    </>
  );
}
