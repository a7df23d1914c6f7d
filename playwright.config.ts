import { defineConfig, devices } from '@playwright/test';
import { PORTS } from './e2e/ports.ts';
import { CHROMIUM_ARGS, ensureChromium } from './scripts/chromium.ts';

/** The browser tests run on the built app with the shipped weights: `npm run build` comes first. */
export default defineConfig({
  testDir: 'e2e',
  // Another browser, another command: playwright.firefox.config.ts.
  testIgnore: 'firefox/**',
  outputDir: 'test-results/e2e',
  timeout: 120_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env['CI']),
  // Every page loads a model and computes: more workers than one would time each other out on two cores.
  workers: 1,
  // A machine that others use at the same time stalls a camera or a tab now and then. What is broken fails twice; the list names the rest as flaky.
  retries: process.env['CI'] ? 1 : 0,
  reporter: process.env['CI'] ? [['list'], ['json', { outputFile: 'test-results/e2e.json' }]] : [['list']],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://localhost:${PORTS.app}/`,
    launchOptions: { executablePath: ensureChromium(), args: CHROMIUM_ARGS },
    // The tests of working offline let it in; the others watch requests that it would hide.
    serviceWorkers: 'block',
    // Tracing takes a third of the time: where a test is tried again, only then.
    trace: process.env['CI'] ? 'on-first-retry' : 'retain-on-failure',
  },
  webServer: { command: `node node_modules/vite/bin/vite.js preview --port ${PORTS.app}`, port: PORTS.app },
});
