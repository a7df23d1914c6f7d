import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/*
 * npm run compat
 *
 * Through Vite, because the engine imports the addresses of the runtime's files as it does.
 */
await runnerImport(fileURLToPath(new URL('compat/table.ts', import.meta.url)), { configFile: false });
