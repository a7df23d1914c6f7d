import { parseArgs } from 'node:util';
import { inputOf } from './run.ts';
import { findTarget, TARGETS } from './targets/index.ts';
import { Watched } from './watch.ts';

/*
 * npm run fuzz -- [--target NAME[,NAME]] [--inputs N] [--seed N] [--from N] [--only N]
 *
 * Feeds mutated files to every reader of foreign files. Prints a row a target and ends with 1 where something was found.
 * `--from` begins at a later input of the same seed, for runs in slices; `--only` reads one input, here, and shows what comes.
 */
const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
  },
});
const targets = values.target?.split(',').map(findTarget) ?? TARGETS;
const seed = Number(values.seed);

if (values.only !== undefined) {
  for (const target of targets) {
    const input = await inputOf(target, seed, Number(values.only));
    console.log(`${target.name}: ${input.length} bytes, base64:\n${Buffer.from(input).toString('base64')}`);
    console.log(await target.read(input));
  }
} else {
  const watched = new Watched();
  for (const { name } of targets) {
    const started = Date.now();
    const range = { seed, from: Number(values.from), count: Number(values.inputs) };
    const { inputs, read, slowestMs, most, grown, findings } = await watched.run(name, range);
    const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
    console.log(
      `${name.padEnd(20)} ${inputs} inputs, ${read} read, ${findings.length} findings; slowest ${slowestMs.toFixed(1)} ms, ` +
        `largest ${mb(most)} MB, left ${mb(grown)} MB; ${((Date.now() - started) / 1000).toFixed(1)} s`,
    );
    for (const { index, what } of findings) {
      console.log(`  --target ${name} --seed ${seed} --only ${index}: ${what}`);
      process.exitCode = 1;
    }
  }
  await watched.close();
}
