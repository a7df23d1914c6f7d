import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components';

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly { id: T; label: string; note?: string }[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function Choice<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <RadioGroup
      className="choice"
      value={value}
      onChange={(id) => {
        const option = options.find((candidate) => candidate.id === id);
        if (option) onChange(option.id);
      }}
    >
      <Label>{label}</Label>
      <div className="choice-options">
        {options.map((option) => (
          <RadioField key={option.id} value={option.id}>
            <RadioButton className="choice-option">
              <span>{option.label}</span>
              {option.note && <span className="quiet">{option.note}</span>}
            </RadioButton>
          </RadioField>
        ))}
      </div>
    </RadioGroup>
  );
}
