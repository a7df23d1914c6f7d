/** Finds a Chrome or Chromium for the browser tests and the benchmarks, or installs one. Run as a script, says which. */
import { chromium as playwright } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { env, platform } = process;

const NAMES: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome'],
};

const PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['/opt/google/chrome/chrome', '/snap/bin/chromium'],
  darwin: ['/Applications', join(homedir(), 'Applications')].flatMap((folder) => [
    join(folder, 'Google Chrome.app/Contents/MacOS/Google Chrome'),
    join(folder, 'Chromium.app/Contents/MacOS/Chromium'),
  ]),
  win32: [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].flatMap((folder) =>
    folder === undefined
      ? []
      : [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Chromium/Application/chrome.exe')],
  ),
};

/**
 * The path of an installed browser: CHROME_PATH or CHROME_BIN, then the PATH, then the usual places, then Playwright's
 * own; undefined where there is none.
 */
export function findChromium(): string | undefined {
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => (NAMES[platform] ?? []).map((name) => join(folder, name)));
  const candidates = [
    env['CHROME_PATH'],
    env['CHROME_BIN'],
    ...onPath,
    ...(PLACES[platform] ?? []),
    playwright.executablePath(),
  ];
  return candidates.find((path): path is string => path !== undefined && existsSync(path));
}

/** The same, installing Playwright's Chromium (with its system libraries where that is allowed) if there is none. */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  const withLibraries = platform === 'linux' && process.getuid?.() === 0 ? ['--with-deps'] : [];
  console.log('No Chrome or Chromium found (CHROME_PATH can name one): installing Playwright’s.');
  const cli = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
  execFileSync(process.execPath, [cli, 'install', ...withLibraries, 'chromium'], { stdio: 'inherit' });
  return playwright.executablePath();
}

/** What every launch needs: Chromium's sandbox refuses to run as root, and containers often lack its namespaces. */
export const CHROMIUM_ARGS = process.getuid?.() === 0 || env['CI'] ? ['--no-sandbox', '--disable-dev-shm-usage'] : [];

/** WebGPU on Chromium's software adapter: right for correctness, far too slow for speed. */
export const SOFTWARE_WEBGPU_ARGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan,WebGPU',
];

/** The browser takes a WAV file for what comes from the microphone, from the moment it is opened on; once. */
export function fakeMicrophoneArgs(recording: string): string[] {
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${recording}%noloop`,
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = ensureChromium();
  console.log(`Browser tests use ${path}`);
}
