import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { ModelInfo } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { useSettings } from '../SettingsContext.tsx';
import { formatNumber } from '../shared/format.ts';
import { modelName } from '../shared/modelName.ts';
import { PROVIDERS } from '../shared/StatusLine.tsx';
import { useTask } from '../useTask.ts';

/** What a model runs on, why, and the means to find out anew. */
export function RunsOn({ model }: { model: ModelInfo }) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const { settings } = useSettings();
  const { run, running, failure, stop } = useTask();
  const { tested, kind } = model;
  const canTest = 'gpu' in navigator && (kind === 'translation' || kind === 'speech') && model.state === 'installed';

  const test = async (): Promise<void> => {
    await run((glossa, { signal }) => glossa.models.test(model.id, { signal }));
    await models.refresh();
  };
  const provider = settings.provider === 'auto' ? (tested?.verdict === 'faster' ? 'webgpu' : 'wasm') : settings.provider;
  const ms = (value: number): string => t('ran.ms', { ms: formatNumber(value, i18n.language) });
  const times =
    tested?.wasmMs !== undefined && tested.webgpuMs !== undefined
      ? ` ${PROVIDERS.wasm} ${ms(tested.wasmMs)} · ${PROVIDERS.webgpu} ${ms(tested.webgpuMs)}`
      : '';
  const label = running ? t('providers.testing') : t('providers.test');
  return (
    <>
      {PROVIDERS[provider]}{' '}
      <span className="quiet">
        {settings.provider === 'auto' ? t(`providers.${tested?.verdict ?? 'untested'}`) + times : t('providers.chosen')}
      </span>
      {canTest && (
        <Button
          className="button text-button"
          aria-label={t('providers.of', { what: label, model: modelName(t, model, i18n.language) })}
          onPress={() => (running ? stop() : void test())}
        >
          {label}
        </Button>
      )}
      {failure && <span role="alert"> {t(`errors.${failure.code}`)}</span>}
    </>
  );
}
