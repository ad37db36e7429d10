import assert from 'node:assert/strict';
import type { Facts } from './refused.ts';

/** The languages the platform speaks. Japanese is written first; English follows. */
export type Locale = 'ja' | 'en';

/** A sentence in each language. `{name}` is replaced by the fact of that name. */
export type Sentence = Readonly<Record<Locale, string>>;

/** The refusals of one noun: code → what to tell the person to do. */
export type RefusalTable = Readonly<Record<string, Sentence>>;

const catalogue = new Map<string, { owner: string; sentence: Sentence }>();

/**
 * Declares the refusal codes of one noun, with their sentences. Each code is declared once in the platform.
 * @throws AssertionError when another noun has declared the code before, or the code is not UPPER_SNAKE.
 */
export function declareRefusals<const Table extends RefusalTable>(
  owner: string,
  table: Table,
): Table {
  for (const [code, sentence] of Object.entries(table)) {
    assert.match(code, /^[A-Z][A-Z0-9_]*$/, `refusal codes are UPPER_SNAKE: ${code}`);
    const earlier = catalogue.get(code);
    assert(!earlier || earlier.owner === owner, `${code} belongs to ${earlier?.owner} already`);
    catalogue.set(code, { owner, sentence });
  }
  return table;
}

/** Every declared code with its owner and sentences, sorted by code. The source of docs/errors.md. */
export function refusalCatalogue(): { code: string; owner: string; sentence: Sentence }[] {
  return [...catalogue]
    .map(([code, { owner, sentence }]) => ({ code, owner, sentence }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** The sentence for a person: whole numbers with separators, the other facts as they are. */
export function refusalSentence(code: string, facts: Facts, locale: Locale): string {
  const entry = catalogue.get(code);
  assert(entry, `nobody declared the refusal ${code}`);
  return entry.sentence[locale].replace(/\{(\w+)\}/g, (_, name: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    return typeof fact === 'number' ? fact.toLocaleString('en-US') : String(fact ?? '');
  });
}
