import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import { Icon } from '../shared/Icon.tsx';
import { useOnline } from '../shared/useOnline.ts';
import { isHelpKey } from '../translate/shortcuts.ts';
import { DOORS } from './doors.ts';
import { MainMenu } from './MainMenu.tsx';
import { PANELS } from './panels.ts';
import './shell.css';

/** The frame around every screen: name, doors, menu, and the panel that is open. */
export function Shell() {
  const { t } = useTranslation();
  const online = useOnline();
  const { panel, openPanel } = useDesk();
  const [door, setDoor] = useState(DOORS[0]);
  const OpenPanel = panel && PANELS[panel].Panel;

  useEffect(() => {
    const openHelp = (event: KeyboardEvent): void => {
      if (!isHelpKey(event)) return;
      event.preventDefault();
      openPanel('help');
    };
    addEventListener('keydown', openHelp);
    return () => removeEventListener('keydown', openHelp);
  }, [openPanel]);

  return (
    <div className="shell">
      <header className="top-bar">
        <h1 className="wordmark">Glossa</h1>
        <nav className="doors" aria-label={t('doors.label')}>
          {DOORS.map((each) => (
            <Button
              key={each.label}
              className="button door"
              aria-current={each === door ? 'page' : false}
              onPress={() => setDoor(each)}
            >
              {t(each.label)}
            </Button>
          ))}
        </nav>
        <div className="top-bar-end">
          {!online && (
            <span className="offline">
              <Icon name="offline" size={18} />
              <span>{t('offline')}</span>
            </span>
          )}
          <Button className="button text-button wide-only" onPress={() => openPanel('history')}>
            <Icon name="history" size={18} />
            {t('panels.history')}
          </Button>
          <Button className="button text-button wide-only" onPress={() => openPanel('glossary')}>
            <Icon name="book" size={18} />
            {t('panels.glossary')}
          </Button>
          <MainMenu />
        </div>
      </header>
      <main>
        <door.Screen />
      </main>
      <Suspense>{OpenPanel && <OpenPanel onClose={() => openPanel(null)} />}</Suspense>
    </div>
  );
}
