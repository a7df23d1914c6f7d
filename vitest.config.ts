import { defineConfig } from 'vitest/config';

/** Unit tests lie beside the code. They run in node; a component test asks for a DOM with `// @vitest-environment`. */
export default defineConfig({
  test: {
    include: ['{src,scripts,bench,fuzz}/**/*.test.{ts,tsx}'],
    environment: 'node',
    testTimeout: 30_000,
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: 'test-results/unit.json' }]] : ['default'],
  },
});
