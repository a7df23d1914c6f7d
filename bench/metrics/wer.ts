/** What turns the hypotheses into the references. */
export interface WordErrors {
  substitutions: number;
  deletions: number;
  insertions: number;
  /** Words of the references. */
  words: number;
}

/** The fewest edits of words (parted by white space) that turn the hypothesis into the reference; of several, any. */
export function countWordErrors(hypothesis: string, reference: string): WordErrors {
  const [from, to] = [splitWords(hypothesis), splitWords(reference)];
  // row[j]: edits of the first words of the hypothesis into the first j of the reference.
  let row: WordErrors[] = Array.from({ length: to.length + 1 }, (_, j) => edits(0, j, 0, to.length));
  for (const [i, word] of from.entries()) {
    const next = [edits(0, 0, i + 1, to.length)];
    for (let j = 1; j <= to.length; j++) {
      const [diagonal, above, left] = [row[j - 1]!, row[j]!, next[j - 1]!];
      if (word === to[j - 1]) next.push(diagonal);
      else {
        const choices = [
          edits(diagonal.substitutions + 1, diagonal.deletions, diagonal.insertions, to.length),
          edits(left.substitutions, left.deletions + 1, left.insertions, to.length),
          edits(above.substitutions, above.deletions, above.insertions + 1, to.length),
        ];
        next.push(choices.reduce((best, choice) => (errorsOf(choice) < errorsOf(best) ? choice : best)));
      }
    }
    row = next;
  }
  return row[to.length]!;
}

/** All pairs together. Throws where there are not as many references as hypotheses. */
export function corpusWordErrors(hypotheses: readonly string[], references: readonly string[]): WordErrors {
  if (hypotheses.length !== references.length) {
    throw new RangeError(`There are ${hypotheses.length} hypotheses but ${references.length} references.`);
  }
  const total: WordErrors = { substitutions: 0, deletions: 0, insertions: 0, words: 0 };
  for (const [i, hypothesis] of hypotheses.entries()) {
    const errors = countWordErrors(hypothesis, references[i]!);
    total.substitutions += errors.substitutions;
    total.deletions += errors.deletions;
    total.insertions += errors.insertions;
    total.words += errors.words;
  }
  return total;
}

/** Edits altogether. */
export function errorsOf({ substitutions, deletions, insertions }: WordErrors): number {
  return substitutions + deletions + insertions;
}

/** Word error rate in per cent; above 100 where more was invented than was said. Throws where nothing was said. */
export function wordErrorRate(errors: WordErrors): number {
  if (errors.words === 0) throw new RangeError('There is nothing to score: the references have no words.');
  return (100 * errorsOf(errors)) / errors.words;
}

function splitWords(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

function edits(substitutions: number, deletions: number, insertions: number, words: number): WordErrors {
  return { substitutions, deletions, insertions, words };
}
