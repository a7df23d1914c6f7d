import type { Locator, Page } from '@playwright/test';
import en from '../src/i18n/en.json' with { type: 'json' };

/** Every width and every scheme once: colours do not depend on the width, nor the layout on colours. */
export const LOOKS = [
  { width: 360, colorScheme: 'light' },
  { width: 1440, colorScheme: 'dark' },
] as const;

/** The translate screen as a reader (or their screen reader) finds it: by role and name, in English. */
export function translateScreen(page: Page): {
  source: Locator;
  target: Locator;
  /** Finished sentences of the translation. */
  sentences: Locator;
  targetPane: Locator;
  from: Locator;
  to: Locator;
  swap: Locator;
  stop: Locator;
  /** Opens a panel from the menu. */
  openPanel: (name: keyof typeof en.panels) => Promise<Locator>;
} {
  const target = page.getByRole('group', { name: en.target.label });
  return {
    source: page.getByRole('textbox', { name: en.source.label }),
    target,
    sentences: target.getByRole('button'),
    targetPane: page.getByRole('region', { name: en.target.pane }),
    from: page.getByRole('button', { name: en.languages.from }),
    to: page.getByRole('button', { name: en.languages.to }),
    swap: page.getByRole('button', { name: en.languages.swap }),
    stop: page.getByRole('button', { name: en.stop, exact: true }),
    openPanel: async (name) => {
      await page.getByRole('button', { name: en.menu, exact: true }).click();
      await page.getByRole('menuitem', { name: en.panels[name] }).click();
      return page.getByRole('dialog');
    },
  };
}
