import { IntlMessageFormat } from 'intl-messageformat';
import { type Locale, locale } from './locale.ts';

/** The words of one face, by key: ICU messages. Both languages have the same keys. */
export type Catalogue<Key extends string> = Readonly<Record<Key, string>>;

/** What a message is filled with. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** Gives the words for a key in the language on screen. */
export type Translate<Key extends string> = (key: Key, values?: MessageValues) => string;

/**
 * Makes the translator of one catalogue. It follows the language on screen, so a component that calls
 * it is drawn again when the person changes the language.
 * @throws Error when a message is not valid ICU: a fault of the catalogue, found by its test.
 */
export function catalogue<Key extends string>(words: {
  ja: Catalogue<Key>;
  en: Catalogue<Key>;
}): Translate<Key> {
  const compiled = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    const language = locale.value;
    const text = words[language][key];
    if (!text.includes('{')) return text;
    return String(message(compiled, language, key, text).format(values));
  };
}

function message(
  compiled: Map<string, IntlMessageFormat>,
  language: Locale,
  key: string,
  text: string,
): IntlMessageFormat {
  const name = `${language}:${key}`;
  const known = compiled.get(name);
  if (known) return known;
  const fresh = new IntlMessageFormat(text, language);
  compiled.set(name, fresh);
  return fresh;
}
