import react from '@vitejs/plugin-react';
import { type Connect, defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { viteStaticCopy } from 'vite-plugin-static-copy';
import { evalFreeRuntime } from './scripts/vite/evalFreeRuntime.ts';
import { securityHeaders } from './scripts/vite/securityHeaders.ts';
import { HEADERS } from './src/sw/headers.ts';
import { webManifest } from './webManifest.ts';

/** While developing, vite itself needs inline scripts and styles and a socket: no content security policy. */
const { 'Content-Security-Policy': _policy, ...developmentHeaders } = HEADERS;

/**
 * The runtime comes without its wasm and glue inlined or guessed: src/worker/runtime names both files with `?url`, so that
 * each is emitted once, same-origin, and the threads load the glue alone instead of our whole worker.
 */
const runtimeConditions = ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions];

/** What loads on a first visit lies in assets/, what is fetched later in assets/lazy/: the size budget counts the first. */
const output = {
  chunkFileNames: (chunk: { isDynamicEntry: boolean }) =>
    chunk.isDynamicEntry ? 'assets/lazy/[name]-[hash].js' : 'assets/[name]-[hash].js',
};

/** The servers would declare `*.gz` as a transport encoding, and the browser unpack it: a model part is fetched as it lies. */
function serveGzipAsItIs(): Plugin {
  const keepBytes: Connect.NextHandleFunction = (request, response, next) => {
    if (request.url?.split('?')[0]?.endsWith('.gz')) response.setHeader('Content-Encoding', 'identity');
    next();
  };
  return {
    name: 'serve-gzip-as-it-is',
    configureServer: (server) => void server.middlewares.use(keepBytes),
    configurePreviewServer: (server) => void server.middlewares.use(keepBytes),
  };
}

export default defineConfig({
  // Addresses are relative, so that the folder can be put under any path of any host.
  base: './',
  resolve: { conditions: runtimeConditions },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: { headers: developmentHeaders, port: 5173 },
  preview: { headers: HEADERS, port: 4173, strictPort: true },
  build: { target: 'es2023', chunkSizeWarningLimit: 2500, rolldownOptions: { output } },
  worker: { format: 'es', rolldownOptions: { output } },
  plugins: [
    react(),
    serveGzipAsItIs(),
    securityHeaders(),
    evalFreeRuntime(),
    viteStaticCopy({ targets: [{ src: 'models', dest: '.' }] }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      injectRegister: false,
      injectManifest: {
        // The shell and the WASM runtime. Models have their own cache, WebGPU's runtime is fetched when it is chosen.
        globPatterns: ['**/*.{html,js,mjs,css,wasm,svg,png,webp,ico,webmanifest}'],
        globIgnores: ['models/**', 'screenshots/**', '**/*asyncify*', '**/*jsep*', '**/*jspi*', '**/*webgpu*'],
        maximumFileSizeToCacheInBytes: 20 * 2 ** 20,
        target: 'es2023',
      },
      manifest: webManifest,
    }),
  ],
});
