/** English plurals that no rule gives, as training/labels.py has them. */
const IRREGULAR = new Map(
  Object.entries({
    man: 'men',
    woman: 'women',
    child: 'children',
    person: 'people',
    knife: 'knives',
    wolf: 'wolves',
    leaf: 'leaves',
    mouse: 'mice',
    goose: 'geese',
    calf: 'calves',
    loaf: 'loaves',
    shelf: 'shelves',
    bookshelf: 'bookshelves',
    scarf: 'scarves',
    thief: 'thieves',
    sheep: 'sheep',
    fish: 'fish',
    deer: 'deer',
    bison: 'bison',
    foot: 'feet',
    tooth: 'teeth',
    ox: 'oxen',
    potato: 'potatoes',
    tomato: 'tomatoes',
  }),
);

/** The plural of an English name, whose last word changes: "hot dogs". */
export function plural(name: string): string {
  const words = name.split(' ');
  const last = words.pop() ?? '';
  return [...words, IRREGULAR.get(last) ?? regular(last)].join(' ');
}

function regular(word: string): string {
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
