import type { Locator, Page } from '@playwright/test';
import en from '../src/i18n/en.json' with { type: 'json' };
import { translateScreen } from './screen.ts';

/** The model manager, by its accessible names. */
export interface ModelsPage {
  panel: Locator;
  row: (name: string) => Locator;
  /** What a row says of its model: installed, or how much is here. */
  state: (name: string) => Locator;
  press: (name: string) => Promise<void>;
}

export const EN_PT = 'English → Portuguese';

export async function openModels(page: Page): Promise<ModelsPage> {
  return modelsPage(await translateScreen(page).openPanel('models'));
}

export function modelsPage(panel: Locator): ModelsPage {
  const row = (name: string): Locator => panel.getByRole('listitem', { name, exact: true });
  return {
    panel,
    row,
    state: (name) => row(name).locator('.model-state'),
    press: (name) => panel.getByRole('button', { name, exact: true }).click(),
  };
}

/** A message with its placeholders filled. */
export const said = (message: string, values: Record<string, string>): string =>
  message.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '');

export const fetchOf = (model: string): string => said(en.models.fetchOf, { model });
export const resumeOf = (model: string): string => said(en.models.resumeOf, { model });
export const verifyOf = (model: string): string => said(en.models.verifyOf, { model });
