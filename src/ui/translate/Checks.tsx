import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { Icon } from '../shared/Icon.tsx';
import type { Unit } from './units.ts';
import { warningText } from './warningText.ts';

const SHOWN = 4;

/** What to look at again: every warning in words, each a way to its sentence. */
export function Checks({ units, onShow }: { units: Unit[]; onShow: (unit: string) => void }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const doubtful = units.filter(({ sentence }) => sentence && sentence.warnings.length > 0);
  if (doubtful.length === 0) return null;
  return (
    <ul className="checks" aria-label={t('checks.label')}>
      {doubtful.slice(0, all ? undefined : SHOWN).map((unit) => (
        <li key={unit.id} id={`checks-${unit.id}`}>
          <Icon name="warning" size={18} />
          <span>{unit.sentence?.warnings.map((warning) => warningText(t, warning)).join(' ')}</span>
          <Button className="button text-button" onPress={() => onShow(unit.id)}>
            {t('checks.show')}
          </Button>
        </li>
      ))}
      {!all && doubtful.length > SHOWN && (
        <li>
          <Button className="button text-button" onPress={() => setAll(true)}>
            {t('checks.more', { count: doubtful.length - SHOWN })}
          </Button>
        </li>
      )}
    </ul>
  );
}
