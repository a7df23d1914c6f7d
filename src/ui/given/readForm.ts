/**
 * The files in what another app shared. Its words become a text file, because words and files then go one way: one text
 * comes onto the desk, several are translated as files.
 */
export function readForm(form: FormData): File[] {
  const files = form.getAll('files').flatMap((entry) => (entry instanceof File && entry.size > 0 ? entry : []));
  const field = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  // The title of a picture is its name: nobody wants that translated.
  const words = files.length > 0 ? [field('text'), field('url')] : [field('title'), field('text'), field('url')];
  const said = words.filter((word, i) => word !== '' && !words.some((other, j) => repeats(word, other, i, j)));
  if (said.length === 0) return files;
  return [new File([said.join('\n')], 'shared.txt', { type: 'text/plain' }), ...files];
}

/** Whether one field only says what another says, too; of two that say the same, the first stays. */
const repeats = (word: string, other: string, i: number, j: number): boolean =>
  i !== j && other.includes(word) && (other !== word || j < i);
