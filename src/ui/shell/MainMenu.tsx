import { useTranslation } from 'react-i18next';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { PANEL_NAMES } from './panel.ts';
import { PANELS } from './panels.ts';

/** Everything that is not the work itself, behind one button. */
export function MainMenu() {
  const { t } = useTranslation();
  const { openPanel } = useDesk();
  return (
    <MenuTrigger>
      <IconButton icon="menu" label={t('menu')} />
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          {PANEL_NAMES.map((name) => (
            <MenuItem key={name} className="menu-item" textValue={t(`panels.${name}`)} onAction={() => openPanel(name)}>
              <Icon name={PANELS[name].icon} size={18} />
              {t(`panels.${name}`)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
