/**
 * `npm run headers -- nginx|caddy`: the headers of the build (dist/_headers, which Netlify and Cloudflare Pages read as it
 * is) in the words of another server, to include in its configuration.
 */
import { existsSync, readFileSync } from 'node:fs';

const SAY: Record<string, (name: string, value: string) => string> = {
  nginx: (name, value) => `add_header ${name} "${value}" always;`,
  caddy: (name, value) => `header ${name} "${value}"`,
};

const say = SAY[process.argv[2] ?? ''];
if (!say) throw new Error(`Say for which server: ${Object.keys(SAY).join(' or ')}.`);
if (!existsSync('dist/_headers')) throw new Error('There is no dist/_headers: run `npm run build` first.');

for (const line of readFileSync('dist/_headers', 'utf8').split('\n')) {
  const [, name, value] = /^\s+([\w-]+): (.*)$/.exec(line) ?? [];
  if (name !== undefined && value !== undefined) console.log(say(name, value));
}
