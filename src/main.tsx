import { registerSW } from 'virtual:pwa-register';
import { createGlossa, type Glossa } from './client/engine.ts';
import { startPage } from './ui/start.tsx';

declare global {
  var glossa: Glossa;
}

globalThis.glossa = createGlossa();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
await startPage(root, globalThis.glossa, () => void registerSW());
