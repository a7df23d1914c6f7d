import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import { useRequests } from '../network/useRequests.ts';
import { formatNumber } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import type { Translator } from './useTranslator.ts';

/** For the curious: where it ran, how fast, and what the page has asked the network for. */
export function StatusLine({ ran }: { ran: Translator['ran'] }) {
  const { t, i18n } = useTranslation();
  const { openPanel } = useDesk();
  const requests = useRequests();
  const number = (value: number): string => formatNumber(value, i18n.language);
  const elsewhere = requests.filter(({ sameSite }) => !sameSite).length;
  return (
    <footer className="status-line">
      <Button className="button text-button" onPress={() => openPanel('network')}>
        <Icon name="shield" size={16} />
        {elsewhere === 0 ? t('network.line') : t('network.lineElsewhere', { count: elsewhere })}
      </Button>
      {ran && (
        <span data-testid="ran">
          {t('ran.where', { provider: PROVIDERS[ran.provider], count: ran.threads })}
          {' · '}
          {t('ran.ms', { ms: number(ran.ms) })}
          {ran.ms > 0 && ran.words > 0 && ` · ${t('ran.speed', { speed: number((ran.words * 1000) / ran.ms) })}`}
        </span>
      )}
    </footer>
  );
}

const PROVIDERS = { wasm: 'WebAssembly', webgpu: 'WebGPU' } as const;
