import { useTranslation } from 'react-i18next';
import { formatBytes } from '../shared/format.ts';
import { Panel } from '../shared/Panel.tsx';
import type { PanelProps } from '../shell/panel.ts';
import { useRequests } from './useRequests.ts';

/** What the page has asked the network for since it was opened, by host, from the browser's own record. */
export default function NetworkPanel({ onClose }: PanelProps) {
  const { t, i18n } = useTranslation();
  const requests = useRequests();
  const hosts = new Map<string, { count: number; bytes: number; paths: string[] }>();
  for (const { url, bytes } of requests) {
    const { host, pathname } = new URL(url);
    const seen = hosts.get(host) ?? { count: 0, bytes: 0, paths: [] };
    hosts.set(host, { count: seen.count + 1, bytes: seen.bytes + bytes, paths: [...seen.paths, pathname] });
  }
  return (
    <Panel title={t('panels.network')} onClose={onClose}>
      <p>{t('network.promise')}</p>
      <ul className="hosts">
        {[...hosts].map(([host, seen]) => (
          <li key={host}>
            <h3>{host === location.host ? t('network.here', { host }) : host}</h3>
            <p className="quiet">
              {t('network.requests', { count: seen.count })} · {formatBytes(seen.bytes, i18n.language)}
            </p>
            <details>
              <summary>{t('network.list')}</summary>
              <ol>
                {seen.paths.map((path, i) => (
                  <li key={i}>{path}</li>
                ))}
              </ol>
            </details>
          </li>
        ))}
      </ul>
      <p className="quiet">{t('network.honest')}</p>
      <p className="quiet">{t('network.check')}</p>
    </Panel>
  );
}
