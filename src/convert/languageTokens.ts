import { EngineError } from '../protocol/errors.ts';
import type { TransformerArchitecture } from '../protocol/manifest.ts';

type LanguageTokens = NonNullable<TransformerArchitecture['languageTokens']>;

interface Style {
  pattern: RegExp;
  /** Fewer such tokens are a coincidence. */
  least: number;
  tokens: Omit<LanguageTokens, 'ids'>;
}

/**
 * How multilingual translators write their languages, and where they want them: as CTranslate2's documentation has it
 * (opennmt.net/CTranslate2/guides/transformers.html: M2M-100, NLLB), and OPUS-MT's cards.
 */
const STYLES: readonly Style[] = [
  // M2M-100: __pt__
  { pattern: /^__([a-z]{2,3})__$/, least: 2, tokens: { source: 'from', target: true } },
  // NLLB: por_Latn
  { pattern: /^([a-z]{3}_[A-Z][a-z]{3})$/, least: 2, tokens: { source: 'from', target: true } },
  // OPUS-MT into several languages: >>por<<, >>pt_BR<<, >>zho_Hans<<
  { pattern: /^>>([a-z]{2,3}(?:_[A-Za-z]{2,4})*)<<$/, least: 1, tokens: { source: 'to', target: false } },
];
/** en_XX: the versions of mBART want them in different places. */
const MBART = /^[a-z]{2}_[A-Z]{2}$/;

/**
 * Finds the languages of a translator of several in its vocabulary; undefined for one of a pair.
 * @throws EngineError unsupported-model for those of mBART
 */
export function readLanguageTokens(vocabulary: readonly string[]): LanguageTokens | undefined {
  for (const { pattern, least, tokens } of STYLES) {
    const ids: LanguageTokens['ids'] = {};
    vocabulary.forEach((token, id) => {
      const code = pattern.exec(token)?.[1];
      const tag = code === undefined ? undefined : tagOf(code);
      if (tag !== undefined) ids[tag] ??= id;
    });
    if (Object.keys(ids).length >= least) return { ids, ...tokens };
  }
  if (vocabulary.filter((token) => MBART.test(token)).length > 1)
    throw new EngineError(
      'unsupported-model',
      'This model cannot be run here: language tokens of mBART (en_XX) are not supported yet.',
    );
  return undefined;
}

/** M2M-100's own for Northern Sotho. */
const OTHER_CODES: Partial<Record<string, string>> = { ns: 'nso' };

/** The BCP-47 tag of `por_Latn` or `pt_br`: the shortest code, and a script only where the language is not mostly written in it. */
function tagOf(code: string): string | undefined {
  try {
    const locale = new Intl.Locale(OTHER_CODES[code] ?? code.replaceAll('_', '-'));
    const { language, script, region } = locale;
    const usual = new Intl.Locale(language).maximize().script;
    return [language, ...(script !== undefined && script !== usual ? [script] : []), ...(region ? [region] : [])].join(
      '-',
    );
  } catch {
    return undefined;
  }
}
