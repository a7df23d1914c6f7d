import type { Random } from '../random.ts';

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e99,
  2 ** 32,
  2 ** 53,
  '',
  'x',
  '../..',
  '__proto__',
  [],
  {},
].concat(['\u0000', 'a'.repeat(5000)], [[[]]], [{ length: -1 }]);

/** JSON with a value somewhere in it that does not belong there, that is gone, or that is there under another name. */
export function reshapeJson(random: Random, file: Uint8Array): Uint8Array {
  let json: unknown = JSON.parse(new TextDecoder().decode(file));
  for (let changes = random.small(1, 4); changes > 0; changes--) json = change(random, json);
  return new TextEncoder().encode(JSON.stringify(json));
}

function change(random: Random, value: unknown): unknown {
  const isList = Array.isArray(value);
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return random.pick(HOSTILE);
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0) return random.pick(HOSTILE);
  const at = random.below(entries.length);
  const [key, child] = entries[at] ?? ['', null];
  const action = random.below(8);
  if (action === 0) entries.splice(at, 1);
  else if (action === 1) entries.splice(at, 0, [isList ? key : `${key}2`, child]);
  else if (action === 2) entries[at] = [random.pick(['__proto__', 'constructor', 'length', '']), child];
  else entries[at] = [key, change(random, child)];
  return isList ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
