import { writeFileSync } from 'node:fs';

/** As every JSON file of models/ is written. */
export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
