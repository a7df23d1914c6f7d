import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readRules } from '../../../library/network.ts';
import type { CatalogueEntry, SourceInfo } from '../../../protocol/catalogue.ts';
import { DEFAULT_RULES } from '../../../protocol/network.ts';
import { useKeepOrTell } from '../../shared/Notice.tsx';
import { useGlossa, useTask } from '../../useTask.ts';
import { useInstalls } from '../useInstalls.ts';
import { SourceBlock } from './SourceBlock.tsx';
import './catalogue.css';

/** Models of others: each source with its switch, whom it asks, and what it has once it is on. */
export function CatalogueSection() {
  const { t } = useTranslation();
  const keepOrTell = useKeepOrTell();
  const glossa = useGlossa();
  const { run, failure } = useTask();
  const { installs } = useInstalls();
  const [sources, setSources] = useState<SourceInfo[]>([]);
  const [begun, setBegun] = useState<CatalogueEntry[]>([]);
  const [lock, setLock] = useState(DEFAULT_RULES.lock);

  const refresh = useCallback(async () => {
    await run(async (glossa) => {
      const [listed, entries] = await Promise.all([glossa.models.sources(), glossa.models.begun()]);
      setSources(listed);
      setBegun(entries);
    });
  }, [run]);
  useEffect(() => {
    void refresh();
    readRules().then(
      (rules) => setLock(rules.lock),
      () => undefined,
    );
  }, [refresh]);

  const turn = async (source: SourceInfo, on: boolean): Promise<void> => {
    await glossa.models.switchSource(source.id, on);
    const running = on ? [] : (await glossa.models.begun()).filter((entry) => entry.source === source.id);
    await Promise.all(running.map(({ id }) => installs.pause(id)));
    await refresh();
  };

  return (
    <section className="catalogue" aria-labelledby="catalogue-title">
      <h3 id="catalogue-title">{t('catalogue.title')}</h3>
      <p className="quiet">{t('catalogue.lead')}</p>
      {failure && (
        <p className="note" role="alert">
          {t(`errors.${failure.code}`)}
        </p>
      )}
      {sources.map((source) => (
        <SourceBlock
          key={source.id}
          source={source}
          locked={lock === 'none' || (lock === 'site' && !source.mirrored)}
          begun={begun.filter((entry) => entry.source === source.id)}
          onSwitch={(on) => keepOrTell(turn(source, on))}
          onChange={refresh}
        />
      ))}
    </section>
  );
}
