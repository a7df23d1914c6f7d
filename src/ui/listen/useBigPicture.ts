import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

interface DocumentPictureInPicture {
  requestWindow: (options: { width: number; height: number }) => Promise<Window>;
}

const documentPictureInPicture = (): DocumentPictureInPicture | null =>
  'documentPictureInPicture' in globalThis
    ? ((globalThis as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture ?? null)
    : null;

export interface LittleWindow {
  available: boolean;
  /** Where to draw, while the window is open. */
  body: HTMLElement | null;
  toggle: () => void;
}

/** A little window of text that stays above all others. */
export function useLittleWindow(): LittleWindow {
  const [opened, setOpened] = useState<Window | null>(null);
  useEffect(() => () => opened?.close(), [opened]);
  const toggle = useCallback(() => {
    if (opened) {
      opened.close();
      return;
    }
    const open = async (): Promise<void> => {
      const little = await documentPictureInPicture()?.requestWindow({ width: 520, height: 220 });
      if (!little) return;
      copyLook(little.document);
      little.addEventListener('pagehide', () => setOpened(null), { once: true });
      setOpened(little);
    };
    // A browser that refuses has said so itself.
    open().catch(() => undefined);
  }, [opened]);
  return { available: documentPictureInPicture() !== null, body: opened?.document.body ?? null, toggle };
}

/** A new window has none of the page's styles. They go in as sheets: the content security policy allows no style elements. */
function copyLook(target: Document): void {
  const Sheet = target.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
  target.adoptedStyleSheets = Array.from(document.styleSheets, ({ cssRules }) => {
    const sheet = new Sheet();
    sheet.replaceSync(Array.from(cssRules, (rule) => rule.cssText).join('\n'));
    return sheet;
  });
  const { theme } = document.documentElement.dataset;
  if (theme !== undefined) target.documentElement.dataset['theme'] = theme;
  target.documentElement.lang = document.documentElement.lang;
  target.body.className = 'little-window';
}

const subscribe = (changed: () => void): (() => void) => {
  document.addEventListener('fullscreenchange', changed);
  return () => document.removeEventListener('fullscreenchange', changed);
};

/** Whether the page fills the screen, and the way in and out. The page and no part of it: menus would not be seen over one. */
export function useFullScreen(): { available: boolean; full: boolean; toggle: () => void } {
  const full = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
  const toggle = useCallback(() => {
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen();
    // A browser that refuses has said so itself.
    change.catch(() => undefined);
  }, []);
  return { available: document.fullscreenEnabled, full, toggle };
}
