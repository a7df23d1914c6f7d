/** Finds a Firefox for the smoke test. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const { env } = process;

/** The path of an installed Firefox: FIREFOX_PATH, then the PATH, then the usual places. Throws where there is none. */
export function findFirefox(): string {
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => ['firefox-esr', 'firefox', 'firefox.exe'].map((name) => join(folder, name)));
  const places = [
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ];
  const found = [env['FIREFOX_PATH'], ...onPath, ...places].find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    throw new Error('No Firefox found: install it (Debian: firefox-esr), or name it with FIREFOX_PATH.');
  return found;
}
