import { afterAll, describe, expect, it } from 'vitest';
import { TARGETS } from './targets/index.ts';
import { Watched } from './watch.ts';

/** The same in every run; `npm run fuzz` reads many more. Fewer of those that take milliseconds: whole models and containers. */
const INPUTS = 2000;
const LONG_INPUTS = 250;
const LONG = ['marian-import', 'whisper-import', 'transformer-import', 'media'];

const watched = new Watched();
afterAll(() => watched.close());

describe('hostile files', () => {
  it.each(TARGETS.map(({ name }) => name))(
    '%s reads or refuses them',
    async (name) => {
      const count = LONG.includes(name) ? LONG_INPUTS : INPUTS;
      const { inputs, findings } = await watched.run(name, { seed: 2026, from: 0, count });
      expect(findings).toEqual([]);
      expect(inputs).toBe(count);
    },
    60_000,
  );
});
