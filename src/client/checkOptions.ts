import { EngineError } from '../protocol/errors.ts';

/** What the public API is given comes from scripts too: nothing is taken for what its type says. */

function refuse(sentence: string): never {
  throw new EngineError('bad-input', sentence);
}

export function checkTexts(input: unknown): void {
  if (typeof input === 'string') return;
  if (Array.isArray(input) && input.every((text) => typeof text === 'string')) return;
  refuse('The text to translate must be a string or an array of strings.');
}

/** A BCP-47 tag in its canonical form. */
export function checkLanguage(value: unknown, name: 'from' | 'to'): string {
  const hint = `"${name}" must be a language tag such as "en" or "pt-BR"${name === 'from' ? ', or "auto"' : ''}`;
  if (typeof value !== 'string') return refuse(`${hint}.`);
  try {
    const [tag] = Intl.getCanonicalLocales(value);
    if (tag !== undefined) return tag;
  } catch {
    // Said below.
  }
  return refuse(`${hint}, not ${JSON.stringify(value)}.`);
}

/** A whole number within bounds; `fallback` where it is absent. */
export function checkCount(value: unknown, name: string, [least, most]: [number, number], fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`"${name}" must be a whole number from ${least} to ${most}.`);
}

export function checkGlossary(value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isTermPair)) return value;
  return refuse('"glossary" must be an array of [source term, target term] pairs, none of them empty.');
}

function isTermPair(pair: unknown): pair is [string, string] {
  return (
    Array.isArray(pair) && pair.length === 2 && pair.every((term) => typeof term === 'string' && term.trim() !== '')
  );
}

export function checkProvider(value: unknown): 'wasm' | 'webgpu' {
  if (value === undefined || value === 'auto' || value === 'wasm') return 'wasm';
  if (value === 'webgpu') return 'webgpu';
  return refuse('"provider" must be "auto", "wasm" or "webgpu".');
}

export function checkId(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  return refuse('A model is named by its id, such as "en-pt": models.list() gives them.');
}

export function checkSignal(value: unknown): void {
  if (value === undefined || value instanceof AbortSignal) return;
  refuse('"signal" must be an AbortSignal.');
}
