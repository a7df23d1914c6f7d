import { readdirSync, readFileSync } from 'node:fs';

const ASSETS = 'dist/assets/';

/** A script with all that it imports before it runs. */
function withImports(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const script = readFileSync(ASSETS + file, 'utf8');
  for (const [, imported] of script.matchAll(/\b(?:from|import)\s*"\.\/([^"]+\.js)"/g)) withImports(imported, found);
  return found;
}

const page = [...readFileSync('dist/index.html', 'utf8').matchAll(/assets\/([^"]+\.(?:js|css))"/g)].map(
  ([, file]) => file,
);
const worker = readdirSync(ASSETS).find((file) => /^worker-.*\.js$/.test(file));
const scripts = [...page.filter((file) => file.endsWith('.js')), worker].flatMap((file) => [...withImports(file)]);
const styles = page.filter((file) => file.endsWith('.css'));

/** The budget of a first visit, in English, before any model: what the page and its first worker load, and the service worker. */
export default [
  {
    name: 'First visit: script and style, before any model',
    path: [...new Set([...scripts, ...styles])]
      .map((file) => ASSETS + file)
      .concat('dist/assets/lazy/en-*.js', 'dist/sw.js'),
    gzip: true,
    limit: '250 kB',
  },
];
