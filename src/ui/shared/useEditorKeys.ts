import { useEffect, useRef } from 'react';

export interface EditorKeys {
  undo: () => void;
  redo: () => void;
  play: () => void;
  back: () => void;
  forward: () => void;
}

/** An editor's keys, wherever the focus is but in a text field, which has its own undo and its own letters. */
export function useEditorKeys(keys: Partial<EditorKeys>, isShown: () => boolean): void {
  const latest = useRef({ keys, isShown });
  useEffect(() => {
    latest.current = { keys, isShown };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { keys: act, isShown: shown } = latest.current;
      if (!shown() || event.defaultPrevented || document.querySelector('[role=dialog], [role=listbox], [role=menu]'))
        return;
      const name = keyOf(event);
      const action = name && act[name];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** Which of the keys a press is. Ctrl+Z and Ctrl+Shift+Z (or Y); Alt+J, K and L as video editors have them. */
function keyOf(event: KeyboardEvent): keyof EditorKeys | null {
  const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable]');
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (command && !typing) {
    if (event.code === 'KeyZ') return event.shiftKey ? 'redo' : 'undo';
    if (event.code === 'KeyY') return 'redo';
  }
  if (!event.altKey || event.metaKey || event.shiftKey) return null;
  if (event.code === 'KeyK') return 'play';
  if (event.code === 'KeyJ') return 'back';
  return event.code === 'KeyL' ? 'forward' : null;
}
