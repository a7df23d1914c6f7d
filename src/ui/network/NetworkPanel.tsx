import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { Choice } from '../shared/Choice.tsx';
import { formatBytes } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { useKeepOrTell } from '../shared/Notice.tsx';
import { Panel } from '../shared/Panel.tsx';
import { saveFile } from '../shared/saveFile.ts';
import type { PanelProps } from '../shell/panel.ts';
import { OfflineLock } from './OfflineLock.tsx';
import { groupRequests, networkBytes, type RequestFilter } from './requestGroups.ts';
import { RequestGroups } from './RequestGroups.tsx';
import { useRequestLog } from './useRequestLog.ts';
import './network.css';

/** Every request that the app has made since it is on this device and what for, and what it may ask of the network at all. */
export default function NetworkPanel({ onClose }: PanelProps) {
  const { t, i18n } = useTranslation();
  const keepOrTell = useKeepOrTell();
  const { records, forgotten, clear } = useRequestLog();
  const [filter, setFilter] = useState<RequestFilter>('all');
  const bytes = (value: number): string => formatBytes(value, i18n.language);
  const elsewhere = records.filter(({ url }) => !url.startsWith(`${location.origin}/`)).length;
  const [first] = records;
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long' });
  const summary = [
    t('network.requests', { count: records.length }),
    ...(first ? [t('network.since', { date: date.format(first.at) })] : []),
    t('network.received', { bytes: bytes(records.reduce((sum, record) => sum + networkBytes(record), 0)) }),
    elsewhere === 0 ? t('network.noneElsewhere') : t('network.lineElsewhere', { count: elsewhere }),
  ].join(' · ');

  return (
    <Panel title={t('panels.network')} onClose={onClose}>
      <p>{t('network.promise')}</p>
      <OfflineLock />
      <p className="request-summary" role="status">
        {summary}
      </p>
      {forgotten.count > 0 && (
        <p className="quiet">{t('network.forgotten', { count: forgotten.count, bytes: bytes(forgotten.bytes) })}</p>
      )}
      <Choice
        label={t('network.show')}
        value={filter}
        options={[
          { id: 'all', label: t('network.showAll') },
          { id: 'network', label: t('network.showNetwork') },
          { id: 'device', label: t('network.showDevice') },
          { id: 'refused', label: t('network.showRefused') },
        ]}
        onChange={setFilter}
      />
      <RequestGroups groups={groupRequests(records, filter)} />
      <div className="panel-tools">
        <Button
          className="button"
          onPress={() =>
            saveFile(
              'glossa-requests.json',
              JSON.stringify({ forgotten, requests: records }, null, 2),
              'application/json',
            )
          }
        >
          <Icon name="save" size={18} />
          {t('network.save')}
        </Button>
        <Button className="button danger" onPress={() => keepOrTell(clear())}>
          <Icon name="trash" size={18} />
          {t('network.clear')}
        </Button>
      </div>
      <section className="blind-spots">
        <h3>{t('network.blind')}</h3>
        <ul>
          <li>{t('network.blindFirst')}</li>
          <li>{t('network.blindUpdates')}</li>
          <li>{t('network.blindCache')}</li>
          <li>{t('network.blindExtensions')}</li>
        </ul>
      </section>
      <p className="quiet">{t('network.check')}</p>
    </Panel>
  );
}
