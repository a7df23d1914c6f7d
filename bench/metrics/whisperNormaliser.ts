import { standardiseNumbers } from './whisperNumbers.ts';
import spellings from './whisper-spelling.json' with { type: 'json' };

/**
 * English text as openai/whisper's `EnglishTextNormalizer` (MIT, https://github.com/openai/whisper) makes it comparable before
 * word errors are counted: lower case, no punctuation, contractions and numbers written one way, American spelling.
 * whisper-spelling.json is its table of spellings, from https://www.tysto.com/uk-us-spelling-list.html
 */
export function normaliseEnglish(text: string): string {
  let result = text
    .toLowerCase()
    .replace(/[<[][^>\]]*[>\]]/g, '')
    .replace(/\(([^)]+?)\)/g, '')
    .replace(wholeWord('hmm|mm|mhm|mmm|uh|um'), '')
    .replace(/\s+'/g, "'");
  for (const [pattern, replacement] of REPLACEMENTS) result = result.replace(pattern, replacement);
  result = result.replace(/(\d),(\d)/g, '$1$2').replace(/\.([^0-9]|$)/g, ' $1');
  result = standardiseNumbers(withoutSymbols(result));
  return result
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => SPELLINGS.get(word) ?? word)
    .join(' ')
    .replace(/[.$¢€£]([^0-9])/g, ' $1')
    .replace(/([^0-9])%/g, '$1 ')
    .replace(/\s+/g, ' ');
}

/** American spelling of a British word. */
const SPELLINGS = new Map(Object.entries(spellings));

const END = String.raw`(?![\p{L}\p{N}_])`;

function wholeWord(pattern: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${pattern})${END}`, 'gu');
}

function ending(pattern: string): RegExp {
  return new RegExp(pattern + END, 'gu');
}

/** In this order. */
const REPLACEMENTS: [RegExp, string][] = [
  ...Object.entries({
    "won't": 'will not',
    "can't": 'can not',
    "let's": 'let us',
    "ain't": 'aint',
    "y'all": 'you all',
    wanna: 'want to',
    gotta: 'got to',
    gonna: 'going to',
    "i'ma": 'i am going to',
    imma: 'i am going to',
    woulda: 'would have',
    coulda: 'could have',
    shoulda: 'should have',
    "ma'am": 'madam',
    mr: 'mister ',
    mrs: 'missus ',
    st: 'saint ',
    dr: 'doctor ',
    prof: 'professor ',
    capt: 'captain ',
    gov: 'governor ',
    ald: 'alderman ',
    gen: 'general ',
    sen: 'senator ',
    rep: 'representative ',
    pres: 'president ',
    rev: 'reverend ',
    hon: 'honorable ',
    asst: 'assistant ',
    assoc: 'associate ',
    lt: 'lieutenant ',
    col: 'colonel ',
    jr: 'junior ',
    sr: 'senior ',
    esq: 'esquire ',
  }).map(([word, replacement]): [RegExp, string] => [wholeWord(word), replacement]),
  ...Object.entries({
    "'d been": ' had been',
    "'s been": ' has been',
    "'d gone": ' had gone',
    "'s gone": ' has gone',
    "'d done": ' had done',
    "'s got": ' has got',
    "n't": ' not',
    "'re": ' are',
    "'s": ' is',
    "'d": ' would',
    "'ll": ' will',
    "'t": ' not',
    "'ve": ' have',
    "'m": ' am',
  }).map(([end, replacement]): [RegExp, string] => [ending(end), replacement]),
];

/** Symbols that belong to numbers. */
const KEPT_SYMBOLS = new Set('.%$¢€£');

/** Letters whose strokes and ligatures Unicode does not take apart. */
const PLAIN_LETTERS = new Map(
  Object.entries({ œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', æ: 'ae', Æ: 'AE', ß: 'ss', ẞ: 'SS', đ: 'd', Đ: 'D' }).concat(
    Object.entries({ ð: 'd', Ð: 'D', þ: 'th', Þ: 'th', ł: 'l', Ł: 'L' }),
  ),
);

/** Without diacritics; every other symbol, mark or punctuation is a space. */
function withoutSymbols(text: string): string {
  return Array.from(text.normalize('NFKD'), (letter) => {
    if (KEPT_SYMBOLS.has(letter)) return letter;
    const plain = PLAIN_LETTERS.get(letter);
    if (plain !== undefined) return plain;
    if (/\p{Mn}/u.test(letter)) return '';
    return /[\p{M}\p{S}\p{P}]/u.test(letter) ? ' ' : letter;
  }).join('');
}
