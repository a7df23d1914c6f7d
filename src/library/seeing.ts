import { database } from './database.ts';

/** What was chosen last for pictures. */
export interface SeeingChoices {
  /** The model's id; null: the first there is. */
  model: string | null;
  /** The camera's id as the browser gives it to this page; null: the browser's own choice. */
  camera: string | null;
}

export const DEFAULT_SEEING: SeeingChoices = { model: null, camera: null };

/** The choices as they were kept; whatever is missing or unknown has its default. */
export async function readSeeing(): Promise<SeeingChoices> {
  const value: unknown = await (await database()).get('values', 'seeing');
  const kept: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const textOrNull = (key: string): string | null => (typeof kept[key] === 'string' ? kept[key] : null);
  return { model: textOrNull('model'), camera: textOrNull('camera') };
}

export async function keepSeeing(choices: SeeingChoices): Promise<void> {
  await (await database()).put('values', choices, 'seeing');
}
