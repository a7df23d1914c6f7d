import { Activity, Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import { useGiven } from '../given/useGiven.ts';
import { Icon } from '../shared/Icon.tsx';
import { useOnline } from '../shared/useOnline.ts';
import { isHelpKey } from '../translate/shortcuts.ts';
import { type Door, DOORS } from './doors.ts';
import { MainMenu } from './MainMenu.tsx';
import { PANELS } from './panels.ts';
import type { DoorId } from './screen.ts';
import { useDoor } from './useDoor.ts';
import './shell.css';

/** The frame around every screen: name, doors, menu, and the panel that is open. */
export function Shell() {
  const { t } = useTranslation();
  const online = useOnline();
  const { panel, openPanel, models } = useDesk();
  const [wanted, go] = useDoor();
  const doors = DOORS.filter(
    ({ needs }) => !needs || models.list?.some(({ kind, state }) => kind === needs && state === 'installed'),
  );
  const door = doors.includes(wanted) ? wanted : DOORS[0];
  const [visited, setVisited] = useState<ReadonlySet<Door>>(new Set([door]));
  if (!visited.has(door)) setVisited(new Set([...visited, door]));
  const OpenPanel = panel && PANELS[panel].Panel;
  const showDoors = useCallback(
    (ids: DoorId[]) => {
      const doors = DOORS.filter(({ id }) => ids.includes(id));
      setVisited((before) => new Set([...before, ...doors]));
      if (doors[0]) go(doors[0]);
      openPanel(null);
    },
    [go, openPanel],
  );
  useGiven(showDoors);

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
          {doors.map((each) => (
            <Button
              key={each.id}
              className="button door"
              aria-current={each === door ? 'page' : false}
              onPress={() => go(each)}
            >
              <Icon name={each.icon} size={20} />
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
        {doors
          .filter((each) => visited.has(each))
          .map((each) => (
            <Screen key={each.id} door={each} isShown={each === door} />
          ))}
      </main>
      <Suspense>{OpenPanel && <OpenPanel onClose={() => openPanel(null)} />}</Suspense>
    </div>
  );
}

/** A screen that was left keeps what is on it; one that works on is only out of sight. */
function Screen({ door: { Screen: Content, worksOn }, isShown }: { door: Door; isShown: boolean }) {
  const content = (
    <Suspense>
      <Content isShown={isShown} />
    </Suspense>
  );
  if (worksOn)
    return (
      <div className="screen" hidden={!isShown}>
        {content}
      </div>
    );
  return <Activity mode={isShown ? 'visible' : 'hidden'}>{content}</Activity>;
}
