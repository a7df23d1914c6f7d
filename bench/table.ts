/**
 * `npm run bench:table`: rewrites the part of README.md between the two marks from the results kept in bench/results/, so
 * that no number there is typed by hand. What has no kept result has no row.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawTables } from './table/draw.ts';

const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

const results = join(import.meta.dirname, 'results');
const readme = join(import.meta.dirname, '..', 'README.md');

const kept = readdirSync(results)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name): unknown => JSON.parse(readFileSync(join(results, name), 'utf8')));
const text = readFileSync(readme, 'utf8');
const [start, end] = [text.indexOf(START), text.indexOf(END)];
if (start < 0 || end < start) throw new Error(`README.md needs the lines ${START} and ${END}.`);
writeFileSync(readme, `${text.slice(0, start + START.length)}\n\n${drawTables(kept)}\n\n${text.slice(end)}`);
