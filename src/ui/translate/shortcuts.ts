/** The translate screen's keys. Alt (Control and Option on a Mac, where Option alone types letters) and a letter. */
export const SHORTCUTS = {
  translate: { key: 'Enter', with: 'ctrl' },
  swap: { key: 'KeyW', with: 'alt' },
  copy: { key: 'KeyC', with: 'alt' },
  clear: { key: 'KeyX', with: 'alt' },
  undo: { key: 'KeyZ', with: 'alt' },
  listen: { key: 'KeyL', with: 'alt' },
  share: { key: 'KeyK', with: 'alt' },
  source: { key: 'KeyI', with: 'alt' },
  target: { key: 'KeyO', with: 'alt' },
  stop: { key: 'Escape', with: null },
} as const;

export type ShortcutName = keyof typeof SHORTCUTS;

export const SHORTCUT_NAMES = Object.keys(SHORTCUTS) as ShortcutName[];

const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

type Keys = Pick<KeyboardEvent, 'code' | 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** Which shortcut a key press is, if any. By position and not by letter, so that it works on every layout. */
export function shortcutOf(event: Keys, mac = isMac()): ShortcutName | undefined {
  const { altKey, ctrlKey, metaKey } = event;
  return SHORTCUT_NAMES.find((name) => {
    const shortcut = SHORTCUTS[name];
    if (event.code !== shortcut.key || event.shiftKey) return false;
    // On Windows and Linux, Ctrl and Alt together is AltGr: it types a letter.
    if (shortcut.with === 'alt') return altKey && !metaKey && ctrlKey === mac;
    if (shortcut.with === 'ctrl') return !altKey && (mac ? metaKey || ctrlKey : ctrlKey && !metaKey);
    return !altKey && !ctrlKey && !metaKey;
  });
}

/** How a shortcut is written for the reader: "Alt+W", "⌃⌥W". */
export function shortcutLabel(name: ShortcutName, mac = isMac()): string {
  const shortcut = SHORTCUTS[name];
  const key = shortcut.key.replace(/^Key/, '').replace('Escape', 'Esc');
  if (shortcut.with === null) return key;
  if (mac) return `${shortcut.with === 'alt' ? '⌃⌥' : '⌘'}${key === 'Enter' ? '↩' : key}`;
  return `${shortcut.with === 'alt' ? 'Alt' : 'Ctrl'}+${key}`;
}

/** `?` outside of text fields, or Ctrl+/ anywhere. */
export function isHelpKey(event: KeyboardEvent): boolean {
  const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable]');
  return (event.key === '?' && !typing) || (event.key === '/' && (event.ctrlKey || event.metaKey));
}
