import { EngineError } from '../../protocol/errors.ts';
import type { ManifestOf } from '../../protocol/manifest.ts';
import type { Range } from '../../protocol/types.ts';
import type { PreparedSentence } from './carry.ts';
import { primaryLanguage } from './primaryLanguage.ts';

/** What a model wants around a source, and what its outputs begin with. */
export interface Around {
  before: readonly number[];
  after: readonly number[];
  prompt: Int32Array;
}

/**
 * The special tokens of a translation between two languages.
 * @throws EngineError unsupported-language where the model has no token for one
 */
export function specialTokens(
  architecture: ManifestOf<'translation'>['architecture'],
  from: string,
  to: string,
): Around {
  if (architecture.type === 'marian-ssru') return { before: [], after: [architecture.eosId], prompt: new Int32Array() };
  const { after = [architecture.eosId], languageTokens } = architecture;
  const before = [...(architecture.before ?? []), ...instruction(architecture, from, to)];
  const prefix = architecture.type === 'transformer' ? (architecture.prefix ?? []) : [];
  if (!languageTokens) return { before, after, prompt: Int32Array.from(prefix) };
  const { ids, source, target } = languageTokens;
  return {
    before: [...before, languageId(ids, source === 'from' ? from : to)],
    after,
    prompt: Int32Array.from(target ? [...prefix, languageId(ids, to)] : prefix),
  };
}

/** A sentence with those tokens around its own. They stand for nothing in the text. */
export function withAround(prepared: PreparedSentence, { before, after }: Around): PreparedSentence {
  const end = prepared.source.length;
  return {
    ...prepared,
    ids: Int32Array.from([...before, ...prepared.ids, ...after]),
    ranges: [...before.map((): Range => [0, 0]), ...prepared.ranges, ...after.map((): Range => [end, end])],
  };
}

/** What a model that is told in words is told. */
function instruction(architecture: ManifestOf<'translation'>['architecture'], from: string, to: string): number[] {
  if (architecture.type !== 'hub-translator' || !architecture.instructions) return [];
  const { [`${primaryLanguage(from)}-${primaryLanguage(to)}`]: ids } = architecture.instructions;
  if (ids) return ids;
  throw new EngineError(
    'unsupported-language',
    `This model cannot be told to translate from ${from} to ${to}. Choose another model.`,
  );
}

/** The token of a language as it is named, or of one that differs in its script or region alone. */
function languageId(ids: Record<string, number>, language: string): number {
  const tags = Object.keys(ids);
  const tag =
    tags.find((other) => other.toLowerCase() === language.toLowerCase()) ??
    tags.find((other) => other === primaryLanguage(language)) ??
    tags.find((other) => primaryLanguage(other) === primaryLanguage(language));
  const id = tag === undefined ? undefined : ids[tag];
  if (id !== undefined) return id;
  throw new EngineError(
    'unsupported-language',
    `This model has no token for the language ${language}. Choose another model.`,
  );
}
