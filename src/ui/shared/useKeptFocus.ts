import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';

interface KeptFocus<T> {
  ref: RefObject<T | null>;
  tabIndex: -1;
  onFocus: (event: FocusEvent<T>) => void;
  onBlur: () => void;
}

/**
 * Keeps the focus in an element whose buttons give way to others (Install to Stop, say): it goes to the first button that is
 * there instead, or to the element. Without it the keyboard would begin again at the top of the page. Its props are the element's.
 */
export function useKeptFocus<T extends HTMLElement>(): KeptFocus<T> {
  const ref = useRef<T>(null);
  const focused = useRef<Element | null>(null);
  useEffect(() => {
    if (!focused.current || focused.current.isConnected || document.activeElement !== document.body) return;
    const instead = ref.current?.querySelector<HTMLElement>('button:enabled') ?? ref.current;
    instead?.focus();
  });
  return {
    ref,
    tabIndex: -1,
    onFocus: ({ target }) => {
      focused.current = target;
    },
    // Some browsers tell of it when the element is taken away, and then it is still wanted.
    onBlur: () => {
      const left = focused.current;
      queueMicrotask(() => {
        if (left?.isConnected && focused.current === left) focused.current = null;
      });
    },
  };
}
