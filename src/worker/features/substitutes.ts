/**
 * Other spellings for characters that a vocabulary may lack. Student vocabularies hold some hundred characters; an unknown
 * one leaves a hole in the sentence: "don’t" becomes "don t", "München" "M nchen". Typographic marks become their plain
 * forms and letters lose their diacritics; `restoreSpelling` puts names back.
 */
const SPELLINGS = new Map(
  Object.entries({
    "'": '’‘‚‛′ʼʹ`´ˈ＇',
    '"': '“”„‟«»″〝〞＂❝❞',
    '-': '–—―‒‐‑−‹›⁃─',
    '...': '…',
    '*': '•·∙●▪◦',
    x: '×',
    '/': '⁄∕÷',
    ss: 'ßẞ',
    ae: 'æǽ',
    AE: 'Æ',
    oe: 'œ',
    OE: 'Œ',
    o: 'øǿ',
    O: 'Ø',
    d: 'đð',
    D: 'ĐÐ',
    l: 'łŀ',
    L: 'ŁĿ',
    th: 'þ',
    Th: 'Þ',
    i: 'ı',
    h: 'ħ',
    H: 'Ħ',
    t: 'ŧ',
    T: 'Ŧ',
    ',': '、，',
    '.': '。．',
    '?': '？¿',
    '!': '！¡',
    ':': '：',
    ';': '；',
    '(': '（',
    ')': '）',
    EUR: '€',
    GBP: '£',
  }).flatMap(([plain, characters]) => Array.from(characters, (character) => [character, plain] as const)),
);

/**
 * A plain spelling for one character, or undefined where there is none. For `createTokeniser`'s `substitute`, which asks only
 * for characters that the vocabulary lacks.
 */
export function substituteFor(character: string): string | undefined {
  return SPELLINGS.get(character) ?? withoutMarks(character);
}

function withoutMarks(character: string): string | undefined {
  const plain = character.normalize('NFD').replace(/\p{M}+/gu, '');
  return plain === character || plain === '' ? undefined : plain;
}
