import { existsSync } from 'node:fs';
import { type Plugin, preview } from 'vite';

const NOT_ISOLATED = { 'Cross-Origin-Opener-Policy': 'unsafe-none', 'Cross-Origin-Embedder-Policy': 'unsafe-none' };

/**
 * Serves the built app as `npm start` does. Not isolated, the engine has one thread. Throws where nothing is built.
 * @param onSent - told the path of every file that is sent; one that the browser only asks about has not changed, and is not
 */
export async function serveGlossa(
  isolated: boolean,
  onSent: (path: string) => void = () => undefined,
): Promise<{ url: string; close(): Promise<void> }> {
  if (!existsSync('dist/index.html')) throw new Error('There is no build to measure: run `npm run build` first.');
  const port = { port: 0, strictPort: false, host: '127.0.0.1' };
  const watch: Plugin = {
    name: 'watch-what-is-sent',
    configurePreviewServer: ({ middlewares }) =>
      void middlewares.use((request, response, next) => {
        const path = request.url?.split('?')[0] ?? '/';
        response.once('finish', () => {
          if (response.statusCode === 200) onSent(path);
        });
        next();
      }),
  };
  const server = await preview({
    logLevel: 'warn',
    plugins: [watch],
    preview: isolated ? port : { ...port, headers: NOT_ISOLATED },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}
