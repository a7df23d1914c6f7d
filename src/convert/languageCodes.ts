/** Codes that are no BCP-47 tags: Argos's own for variants. */
const OTHER_CODES: Partial<Record<string, string>> = { zt: 'zh-Hant', pb: 'pt-BR' };

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** The BCP-47 tag of a language as a model's files write it (`en`, `pt_br`, `zt`), or null where it is none. */
export function languageTag(code: string): string | null {
  try {
    const [tag] = Intl.getCanonicalLocales(OTHER_CODES[code.toLowerCase()] ?? code.replaceAll('_', '-'));
    return tag !== undefined && names.of(tag) !== undefined ? tag : null;
  } catch {
    return null;
  }
}

interface Pair {
  from: string[];
  to: string[];
}

export const UNKNOWN_PAIR: Pair = { from: [], to: [] };

/** The two languages that are told by their codes; those that are none are left out. */
export function languagePair(from: string | undefined, to: string | undefined): Pair {
  const tags = (code: string | undefined): string[] => {
    const tag = code === undefined ? null : languageTag(code);
    return tag === null ? [] : [tag];
  };
  return { from: tags(from), to: tags(to) };
}

const SEPARATED = /(?<![a-z])(?=([a-z]{2,3})[-_]([a-z]{2,3})(?![a-z0-9]))/gi;
const JOINED = /(?<![a-z])([a-z]{4,6})(?![a-z0-9])/gi;

/**
 * The languages in a name such as `opus-mt-en-de`, `translate-en_pt-1_9` or `model.enpt.intgemm.alphas.bin`: the last two codes
 * that stand side by side. Codes without a separator are only believed where one of them is English, from or into which such models
 * translate.
 */
export function pairInName(name: string): Pair {
  const separated = [...name.matchAll(SEPARATED)].map(([, from, to]) => languagePair(from, to)).filter(isWhole);
  const joined = [...name.matchAll(JOINED)].map(([, code = '']) => splitJoined(code.toLowerCase())).filter(isWhole);
  return separated.at(-1) ?? joined.at(-1) ?? UNKNOWN_PAIR;
}

function splitJoined(code: string): Pair {
  if (code.startsWith('en')) return languagePair('en', code.slice(2));
  if (code.endsWith('en')) return languagePair(code.slice(0, -2), 'en');
  return UNKNOWN_PAIR;
}

export const isWhole = ({ from, to }: Pair): boolean => from.length > 0 && to.length > 0;
