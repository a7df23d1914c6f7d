import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LONGEST_ALT } from './captionText.ts';

interface Props {
  label: string;
  lang: string;
  value: string;
  /** At every letter: a draft that a reload brings back. */
  onType: (text: string) => void;
  /** With a step: on to the next or the previous. */
  onDone: (text: string, step?: 1 | -1) => void;
  onCancel: () => void;
}

/** An alternative text open for editing. Enter and going elsewhere keep it, Escape leaves it as it was. */
export function AltTextField({ label, lang, value, onType, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(value);
  const ended = useRef(false);
  useEffect(() => {
    const element = field.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
    element?.scrollIntoView({ block: 'nearest' });
  }, []);
  const end = (finish: () => void): void => {
    ended.current = true;
    finish();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') end(onCancel);
    else if (event.key === 'Enter' && !event.shiftKey) end(() => onDone(text.trim()));
    else if (event.altKey && event.key === 'ArrowDown') end(() => onDone(text.trim(), 1));
    else if (event.altKey && event.key === 'ArrowUp') end(() => onDone(text.trim(), -1));
    else {
      // The letters are the field's, not the list's.
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const tooLong = text.length > LONGEST_ALT;
  return (
    <span className="alt-field field">
      <textarea
        ref={field}
        aria-label={label}
        lang={lang}
        rows={2}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          onType(event.target.value);
        }}
        onKeyDown={press}
        onBlur={() => {
          if (!ended.current) end(() => onDone(text.trim()));
        }}
      />
      <span className={`alt-length${tooLong ? ' amber' : ' quiet'}`}>
        {t(tooLong ? 'alt.tooLong' : 'alt.length', { count: text.length, most: LONGEST_ALT })}
      </span>
    </span>
  );
}
