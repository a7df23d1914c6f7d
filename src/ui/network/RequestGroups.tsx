import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sourceNamed } from '../../protocol/hosts.ts';
import { formatBytes } from '../shared/format.ts';
import type { RequestGroup } from './requestGroups.ts';

/** More rows than this say no more to a reader; the saved file has all. */
const MOST_ROWS = 200;

/** The requests by what they were for; a group's own requests are a click away. */
export function RequestGroups({ groups }: { groups: RequestGroup[] }) {
  return (
    <ul className="requests">
      {groups.map((group) => (
        <Group key={`${group.purpose}/${group.model ?? group.source ?? ''}`} group={group} />
      ))}
    </ul>
  );
}

function Group({ group: { purpose, model, source, records, bytes } }: { group: RequestGroup }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span className="request-purpose">
            {t(`network.for.${purpose}`, { model, source: source && sourceNamed(source).name })}
          </span>
          <span className="quiet">
            {t('network.requests', { count: records.length })}
            {bytes > 0 && ` · ${formatBytes(bytes, i18n.language)}`}
          </span>
        </summary>
        {open && <Rows records={records.slice(0, MOST_ROWS)} />}
        {open && records.length > MOST_ROWS && <p className="quiet">{t('network.newest', { count: MOST_ROWS })}</p>}
      </details>
    </li>
  );
}

function Rows({ records }: Pick<RequestGroup, 'records'>) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' });
  return (
    <ol>
      {records.map(({ at, url, redirectedTo, by, bytes, client }, i) => (
        <li key={i} className={by === 'refused' || by === 'failed' ? 'request refused' : 'request'}>
          <span className="request-url">{shown(url)}</span>
          <span className="quiet">
            {time.format(at)} · {t(`network.by.${by}`)}
            {by === 'network' && bytes !== null && ` ${formatBytes(bytes, i18n.language)}`} ·{' '}
            {t(`network.client.${client}`)}
            {redirectedTo !== undefined && ` · ${t('network.sentOn', { host: redirectedTo })}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** An address as short as it can be read: the path within this site, all of it elsewhere. */
const shown = (url: string): string =>
  url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url;
