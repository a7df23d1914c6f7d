import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Ran } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { useRequests } from '../network/useRequests.ts';
import { Icon } from './Icon.tsx';

/** At the foot of a screen: what the page has asked the network for, and for the curious what the last work cost. */
export function StatusLine({ promise, children }: { promise: string; children: ReactNode }) {
  const { t } = useTranslation();
  const { openPanel } = useDesk();
  const requests = useRequests();
  const elsewhere = requests.filter(({ sameSite }) => !sameSite).length;
  return (
    <footer className="status-line">
      <Button className="button text-button" onPress={() => openPanel('network')}>
        <Icon name="shield" size={16} />
        {elsewhere === 0 ? promise : t('network.lineElsewhere', { count: elsewhere })}
      </Button>
      {children}
    </footer>
  );
}

export const PROVIDERS = { wasm: 'WebAssembly', webgpu: 'WebGPU' } as const;

/** "WebAssembly, 2 threads", and why there is only one where there could be more. */
export function RanWhere({ ran }: { ran: Ran }) {
  const { t } = useTranslation();
  const where = t('ran.where', { provider: PROVIDERS[ran.provider], count: ran.threads });
  if (ran.fellBack !== undefined) {
    const why = ran.fellBack === 'device-lost' || ran.fellBack === 'out-of-memory' ? ran.fellBack : 'other';
    return (
      <>
        {where} <span className="ran-why">({t(`providers.fellBack.${why}`)})</span>
      </>
    );
  }
  if (ran.provider === 'webgpu' || ran.threads > 1 || globalThis.crossOriginIsolated) return where;
  return (
    <>
      {where} <span className="ran-why">({t('ran.notIsolated')})</span>
    </>
  );
}
