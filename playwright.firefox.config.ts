import { defineConfig } from '@playwright/test';
import { PORTS } from './e2e/ports.ts';

/** `npm run test:firefox`: the three doors in an installed Firefox, on the built app. */
export default defineConfig({
  testDir: 'e2e/firefox',
  outputDir: 'test-results/firefox',
  timeout: 180_000,
  forbidOnly: Boolean(process.env['CI']),
  workers: 1,
  reporter: process.env['CI'] ? [['list'], ['json', { outputFile: 'test-results/firefox.json' }]] : [['list']],
  use: { baseURL: `http://localhost:${PORTS.app}/` },
  webServer: { command: `node node_modules/vite/bin/vite.js preview --port ${PORTS.app}`, port: PORTS.app },
});
