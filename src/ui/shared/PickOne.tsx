import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { Icon } from './Icon.tsx';

interface Props {
  label: string;
  value: string;
  options: readonly { id: string; label: string; note?: string }[];
  onChange: (id: string) => void;
  /** Whether the label is for screen readers alone. */
  labelHidden?: boolean;
}

/** One of several, behind a button that shows which. */
export function PickOne({ label, value, options, onChange, labelHidden }: Props) {
  return (
    <Select
      className="pick"
      value={value}
      onChange={(id) => {
        if (typeof id === 'string') onChange(id);
      }}
      {...(labelHidden ? { 'aria-label': label } : {})}
    >
      {!labelHidden && <Label>{label}</Label>}
      <Button className="button pick-button">
        <SelectValue className="language-name">{options.find(({ id }) => id === value)?.label ?? ''}</SelectValue>
        <Icon name="chevron" size={16} />
      </Button>
      <Popover className="popover" placement="bottom start">
        <ListBox className="menu">
          {options.map((option) => (
            <ListBoxItem key={option.id} id={option.id} className="menu-item" textValue={option.label}>
              <span className="menu-item-label">{option.label}</span>
              {option.note !== undefined && <span className="menu-item-note">{option.note}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
