import { database, type Term } from './database.ts';

/** All terms, in the order of their source. */
export async function listTerms(): Promise<Term[]> {
  const terms = await (await database()).getAll('glossary');
  return terms.sort((a, b) => a.source.localeCompare(b.source));
}

/** Writes or replaces terms in one transaction. */
export async function keepTerms(terms: Term[]): Promise<void> {
  const tx = (await database()).transaction('glossary', 'readwrite');
  await Promise.all([...terms.map((term) => tx.store.put(term)), tx.done]);
}

export async function deleteTerm(id: string): Promise<void> {
  await (await database()).delete('glossary', id);
}
