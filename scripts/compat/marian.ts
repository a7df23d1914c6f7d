import { convert } from '../../src/convert/marian.fixture.ts';
import { runStudent } from '../../src/convert/student.fixture.ts';
import type { StudentShape } from '../../src/formats/marian.fixture.ts';
import { parseMarian } from '../../src/formats/marian.ts';
import { openConverted, Runner } from './runner.ts';

export interface Comparison {
  /** The largest difference of a log-probability. */
  worst: number;
  /** Whether greedy search says the same. */
  sameWords: boolean;
}

const SOURCES = [
  [5, 9, 2, 0],
  [3, 3, 11, 18, 4, 0],
];
const MOST_TOKENS = 8;

/** What the graphs of a random Marian model make of some sentences, beside plain loops in double precision. */
export async function compareMarian(shape: StudentShape, suffix: '' | '.webgpu', lexicon = true): Promise<Comparison> {
  const { file, model } = convert(shape, lexicon);
  const student = parseMarian(file);
  const runner = new Runner(await openConverted(model, suffix));
  const result = { worst: 0, sameWords: true };
  for (const source of SOURCES) {
    const said: number[] = [];
    while (said.length < MOST_TOKENS) {
      const last = runStudent(student, source, said).at(-1)?.logProbs ?? [];
      const best = last.indexOf(Math.max(...last));
      if (best === model.architecture.eosId) break;
      said.push(best);
    }
    const steps = await runner.score(source, said);
    runStudent(student, source, said).forEach(({ logProbs }, t) =>
      logProbs.forEach((value, id) => {
        result.worst = Math.max(result.worst, Math.abs(value - (steps[t]?.[id] ?? NaN)));
      }),
    );
    result.sameWords &&= (await runner.greedy(source, MOST_TOKENS)).join(' ') === said.join(' ');
  }
  return result;
}
