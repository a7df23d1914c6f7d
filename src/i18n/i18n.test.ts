import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../protocol/errors.ts';
import { LOCALES, matchLocale } from './i18n.ts';

type Messages = { [key: string]: string | Messages };

const read = (locale: string): Map<string, string> =>
  flatten(JSON.parse(readFileSync(new URL(`./${locale}.json`, import.meta.url), 'utf8')) as Messages);

function flatten(messages: Messages, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g))].sort();
const english = read('en');
const stems = (messages: Map<string, string>): Set<string> =>
  new Set([...messages.keys()].map((k) => k.replace(PLURAL, '')));

describe.each(Object.keys(LOCALES))('messages in %s', (locale) => {
  const messages = read(locale);

  it('has every message and no other', () => {
    expect([...stems(messages)].sort()).toEqual([...stems(english)].sort());
  });

  it('has each plural that the language knows', () => {
    const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const stem of stems(messages)) {
      const forms = [...messages.keys()].filter((key) => key.startsWith(`${stem}_`) && PLURAL.test(key));
      if (forms.length > 0) expect(forms.sort()).toEqual(categories.map((category) => `${stem}_${category}`).sort());
    }
  });

  it('keeps every placeholder', () => {
    for (const [key, text] of messages) {
      const original = english.get(key) ?? english.get(key.replace(PLURAL, '_other')) ?? '';
      expect({ key, placeholders: placeholders(text) }).toEqual({ key, placeholders: placeholders(original) });
    }
  });

  it('is translated', () => {
    expect([...messages.values()].every((text) => text.trim() === text && text !== '')).toBe(true);
    if (locale === 'en') return;
    const same = [...messages].filter(
      ([key, text]) => english.get(key) === text && /\p{L}{4}/u.test(text.replace(/\{\{\w+\}\}/g, '')),
    );
    // A few words are the same in two languages: "Menu", "threads".
    expect(same.length).toBeLessThan(5);
  });
});

it('has a sentence for every error code', () => {
  expect(ERROR_CODES.filter((code) => !english.has(`errors.${code}`))).toEqual([]);
});

it.each([
  [['pt-BR', 'en'], 'pt'],
  [['de-DE', 'zh-Hans-CN'], 'zh'],
  [['xx'], 'en'],
  [[], 'en'],
])('speaks to a reader of %j in %s', (preferred, locale) => {
  expect(matchLocale(preferred)).toBe(locale);
});
