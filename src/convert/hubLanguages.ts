import type { HubTokenizer } from '../formats/hubTokenizer.ts';
import type { HubTranslatorArchitecture } from '../protocol/manifest.ts';
import type { HubConfig } from './hubConfig.ts';
import { languageTag } from './languageCodes.ts';

type LanguageTokens = NonNullable<HubTranslatorArchitecture['languageTokens']>;

/** Tokens of languages: `>>por<<` of OPUS-MT; `__pt__` of M2M100, `por_Latn` of NLLB; `pt_XX` of mBART. */
const TOKENS: Partial<Record<string, { token: RegExp; source: 'from' | 'to'; target: boolean }>> = {
  marian: { token: /^>>([a-z]{2,3}(?:_[A-Z][A-Za-z]{1,3})?)<<$/, source: 'to', target: false },
  m2m_100: { token: /^(?:__([a-z]{2,3})__|([a-z]{3}_[A-Z][a-z]{3}))$/, source: 'from', target: true },
  mbart: { token: /^([a-z]{2}_[A-Z]{2})$/, source: 'from', target: true },
};

/** The languages of a translator of several, by the tokens in its vocabulary; undefined for a translator of one pair. */
export function languagesOf(family: string, { tokens }: HubTokenizer): LanguageTokens | undefined {
  const kind = TOKENS[family];
  if (!kind) return undefined;
  const ids: Record<string, number> = {};
  for (const [token, id] of tokens) {
    const [, ...codes] = kind.token.exec(token) ?? [];
    const tag = codes.flatMap((code) => (code ? [hubTag(code)] : []))[0];
    if (tag) ids[tag] ??= id;
  }
  return Object.keys(ids).length === 0 ? undefined : { ids, source: kind.source, target: kind.target };
}

/** The BCP-47 tag of `por_Latn`, `zho_Hant`, `pt_XX` or `pt_BR`: with script or region only where they are not the usual ones. */
export function hubTag(code: string): string | null {
  const tag = languageTag(code.replace(/_XX$/, ''));
  if (tag === null) return null;
  const locale = new Intl.Locale(tag);
  return locale.minimize().toString() === locale.language ? locale.language : tag;
}

/** What T5 is told for each pair of languages ("en-de"), as its config says. */
export function instructionsOf({ task_specific_params: tasks }: HubConfig): Record<string, string> | undefined {
  const told = Object.entries(tasks ?? {}).flatMap(([task, { prefix }]): [string, string][] => {
    const [, from, to] = /^translation_([a-z]{2,3})_to_([a-z]{2,3})$/.exec(task) ?? [];
    return from && to && prefix ? [[`${from}-${to}`, prefix]] : [];
  });
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}

/** The languages on both sides of pairs such as "en-de". */
export function pairsOf(instructions: Record<string, string>): { from: string[]; to: string[] } {
  const pairs = Object.keys(instructions).map((pair) => pair.split('-'));
  const side = (at: number): string[] => [...new Set(pairs.map((pair) => pair[at] ?? ''))];
  return { from: side(0), to: side(1) };
}
