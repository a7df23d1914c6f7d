import { createGlossa, type Glossa } from './client/engine.ts';
import { allowOwnScripts } from './protocol/allowOwnScripts.ts';
import { keepShell } from './ui/shell/serviceWorker.ts';
import { startPage } from './ui/start.tsx';

declare global {
  var glossa: Glossa;
}

allowOwnScripts();
globalThis.glossa = createGlossa();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
await startPage(root, globalThis.glossa, keepShell);
