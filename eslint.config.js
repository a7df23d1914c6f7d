import js from '@eslint/js';
import { createNodeResolver, flatConfigs } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * The architecture: what each folder of src/ may import of ours, besides itself. CONTRIBUTING.md draws the same map.
 * Page and worker share only protocol/ and formats/, so page code cannot reach the worker but through messages.
 */
const arrows = {
  protocol: [],
  formats: ['protocol'],
  convert: ['formats', 'protocol'],
  i18n: ['protocol'],
  library: ['protocol', 'formats'],
  capture: ['protocol'],
  sw: ['library/network.ts', 'protocol'],
  // A live session turns a MediaStream into samples itself, so that scripts can call it.
  // The one rule of what may be asked of the network is read where it is kept.
  client: ['capture', 'library/network.ts', 'protocol'],
  ui: ['client', 'library', 'capture', 'i18n', 'protocol', 'formats'],
  'worker/runtime': ['protocol', 'formats'],
  'worker/features': ['protocol', 'formats'],
  'worker/store': ['protocol', 'formats'],
  'worker/seq2seq': ['worker/runtime', 'protocol', 'formats'],
  'worker/tasks': [
    'worker/features',
    'worker/seq2seq',
    'worker/store',
    'worker/runtime/device.ts',
    'convert',
    'library/network.ts',
    'protocol',
    'formats',
  ],
};

const zones = [
  ...Object.entries(arrows).map(([folder, allowed]) => ({
    target: `./src/${folder}`,
    from: './src',
    except: [folder, ...allowed].map((path) => `./${path}`),
    message: `src/${folder} may import ${allowed.join(', ') || 'nothing else of ours'} (the arrows in eslint.config.js).`,
  })),
  {
    target: './src/worker/*.ts',
    from: ['./src/!(worker|protocol)/**', './src/worker/!(tasks)/**'],
    message: 'The worker’s entry and dispatcher see tasks/ and protocol/ only.',
  },
  {
    target: './src/*.{ts,tsx}',
    from: './src/{worker,convert,formats}/**',
    message: 'Page code reaches the worker through client/ only.',
  },
];

const runtimeOnly = {
  // The Hub's tokenisers bring no runtime.
  group: ['onnxruntime-*', 'onnxruntime-*/**', '@xenova/*', '@huggingface/*', '!@huggingface/tokenizers'],
  message: 'Only src/worker/runtime knows the runtime.',
};

export default defineConfig(
  { ignores: ['dist', 'models', 'coverage', 'test-results', 'playwright-report'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  flatConfigs.typescript,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // With noUncheckedIndexedAccess, `!` is how a loop reads a typed array at an index that its own bounds allow.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A contract may be asynchronous where one of its implementations has nothing to wait for: it still has to reject.
      '@typescript-eslint/require-await': 'off',
      // Contracts are written with method signatures, and their callbacks handed on as plain functions.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: flatConfigs.recommended.plugins,
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.json'] })] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'no-restricted-imports': ['error', { patterns: [runtimeOnly] }],
    },
  },
  { files: ['src/worker/runtime/**'], rules: { 'no-restricted-imports': 'off' } },
  // A test may stand two sides of the house against each other; the code it tests may not.
  {
    files: ['src/**/*.test.{ts,tsx}', 'src/**/fixtures/**'],
    rules: { 'import-x/no-restricted-paths': 'off', 'no-restricted-imports': 'off' },
  },
  { files: ['src/**/*.tsx', 'src/ui/**/*.ts'], extends: [reactHooks.configs.flat['recommended-latest']] },
);
