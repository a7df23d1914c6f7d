import { expect, it } from 'vitest';
import { SHORTCUT_NAMES, SHORTCUTS, shortcutLabel, shortcutOf } from './shortcuts.ts';

const none = { key: '', altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };

it('knows its keys on both kinds of keyboard', () => {
  expect(shortcutOf({ ...none, code: 'KeyW', altKey: true }, false)).toBe('swap');
  expect(shortcutOf({ ...none, code: 'KeyW', altKey: true, ctrlKey: true }, true)).toBe('swap');
  expect(shortcutOf({ ...none, code: 'Enter', ctrlKey: true }, false)).toBe('translate');
  expect(shortcutOf({ ...none, code: 'Enter', metaKey: true }, true)).toBe('translate');
  expect(shortcutOf({ ...none, code: 'Escape' }, false)).toBe('stop');
});

it('leaves alone what types a letter', () => {
  // AltGr on Windows and Linux, Option on a Mac.
  expect(shortcutOf({ ...none, code: 'KeyC', altKey: true, ctrlKey: true }, false)).toBeUndefined();
  expect(shortcutOf({ ...none, code: 'KeyC', altKey: true }, true)).toBeUndefined();
  expect(shortcutOf({ ...none, code: 'KeyC' }, false)).toBeUndefined();
  expect(shortcutOf({ ...none, code: 'Enter' }, false)).toBeUndefined();
});

it('has no key twice', () => {
  const keys = SHORTCUT_NAMES.map((name) => JSON.stringify(SHORTCUTS[name]));
  expect(new Set(keys).size).toBe(keys.length);
  expect(shortcutLabel('swap', false)).toBe('Alt+W');
  expect(shortcutLabel('translate', true)).toBe('⌘↩');
});
