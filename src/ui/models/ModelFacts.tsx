import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelInfo, Quality } from '../../protocol/types.ts';
import { formatAgo } from './formatAgo.ts';
import { RunsOn } from './RunsOn.tsx';

/** Measures that are explained to the reader; others are shown as they are called. */
const EXPLAINED = ['BLEU', 'WER', 'CIDEr-D'] as const;

/** What is known of a model besides its size: how good it is, when it was used and checked, whose it is. */
export function ModelFacts({ model }: { model: ModelInfo }) {
  const { t, i18n } = useTranslation();
  const { quality, lastUsedAt, verifiedAt, licence, licenceUrl, source, sourceUrl, state } = model;
  const ago = (at: number): string => formatAgo(at, i18n.language);
  return (
    <dl className="model-facts">
      {quality && (
        <Fact name={t('models.facts.quality')}>
          <Measured quality={quality} />
        </Fact>
      )}
      {state !== 'available' && (
        <>
          <Fact name={t('providers.runsOn')}>
            <RunsOn model={model} />
          </Fact>
          <Fact name={t('models.facts.used')}>{lastUsedAt === undefined ? t('models.never') : ago(lastUsedAt)}</Fact>
          <Fact name={t('models.facts.checked')}>
            {verifiedAt === undefined ? t('models.notChecked') : ago(verifiedAt)}
          </Fact>
        </>
      )}
      {licence !== '' && (
        <Fact name={t('models.facts.licence')}>
          <MaybeLink href={licenceUrl}>{licence}</MaybeLink>
        </Fact>
      )}
      <Fact name={t('models.facts.source')}>
        <MaybeLink href={sourceUrl}>{source}</MaybeLink>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** "BLEU 46.9, FLORES-101 dev", and what that means. */
function Measured({ quality }: { quality: Quality }) {
  const { t, i18n } = useTranslation();
  const { measure, value, unit, set } = quality;
  const shown = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 }).format(value);
  const explained = EXPLAINED.find((known) => known === measure);
  return (
    <>
      {t('models.measured', { measure, value: unit === undefined ? shown : `${shown} ${unit}`, set })}
      {explained && <span className="quiet"> {t(`models.measures.${explained}`)}</span>}
    </>
  );
}

/** A link that the reader may follow; the page itself asks for nothing there. */
function MaybeLink({ href, children }: { href: string | undefined; children: string }) {
  if (href === undefined) return children;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
