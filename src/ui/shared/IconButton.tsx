import { Button, type ButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components';
import { Icon, type IconName } from './Icon.tsx';

interface Props extends Omit<ButtonProps, 'children' | 'className'> {
  icon: IconName;
  label: string;
  /** As aria-keyshortcuts writes it; the tooltip shows it too. */
  shortcut?: string | undefined;
}

/** A button that shows an icon, tells its name to screen readers and shows it on hover and focus. */
export function IconButton({ icon, label, shortcut, ...props }: Props) {
  return (
    <TooltipTrigger delay={500}>
      <Button {...props} className="button icon-button" aria-label={label}>
        <Icon name={icon} />
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {label}
        {shortcut && <kbd>{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
