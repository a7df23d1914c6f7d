import { database } from './database.ts';

export interface Settings {
  /** The interface's language; null: the browser's. */
  locale: string | null;
  theme: 'system' | 'light' | 'dark';
  provider: 'auto' | 'wasm' | 'webgpu';
  /** Hypotheses kept in search: 1 is quick, 4 reads a little better. */
  beams: 1 | 4;
  keepHistory: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  locale: null,
  theme: 'system',
  provider: 'auto',
  beams: 1,
  keepHistory: true,
};

/** The kept settings; whatever is missing or unknown has its default. */
export async function readSettings(): Promise<Settings> {
  const value: unknown = await (await database()).get('values', 'settings');
  const kept: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const oneOf = <T>(choices: readonly T[], key: string, fallback: T): T =>
    choices.find((choice) => choice === kept[key]) ?? fallback;
  return {
    locale: typeof kept['locale'] === 'string' ? kept['locale'] : null,
    theme: oneOf(['system', 'light', 'dark'], 'theme', DEFAULT_SETTINGS.theme),
    provider: oneOf(['auto', 'wasm', 'webgpu'], 'provider', DEFAULT_SETTINGS.provider),
    beams: oneOf([1, 4], 'beams', DEFAULT_SETTINGS.beams),
    keepHistory: oneOf([true, false], 'keepHistory', DEFAULT_SETTINGS.keepHistory),
  };
}

export async function keepSettings(settings: Settings): Promise<void> {
  await (await database()).put('values', settings, 'settings');
}
