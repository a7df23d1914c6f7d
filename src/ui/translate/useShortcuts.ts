import { useEffect, useRef } from 'react';
import { type ShortcutName, shortcutOf } from './shortcuts.ts';

/** Runs an action at its keys, wherever the focus is; open dialogs keep their keys to themselves. */
export function useShortcuts(actions: { [K in ShortcutName]: () => void }): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const name = shortcutOf(event);
      if (!name || event.isComposing || document.querySelector('[role=dialog], [role=listbox], [role=menu]')) return;
      event.preventDefault();
      latest.current[name]();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
