import { IntlMessageFormat } from 'intl-messageformat';

/**
 * What is wrong with a pair of catalogues, for the tests of the faces: keys that only one language has,
 * messages that are not ICU, placeholders that differ, empty words. An empty list means none.
 */
export function catalogueFaults(words: {
  ja: Readonly<Record<string, string>>;
  en: Readonly<Record<string, string>>;
}): string[] {
  const keys = new Set([...Object.keys(words.ja), ...Object.keys(words.en)]);
  return [...keys].flatMap((key) => {
    const ja = words.ja[key];
    const en = words.en[key];
    if (!ja || !en) return [`${key}: missing or empty in ${ja ? 'en' : 'ja'}`];
    try {
      const [inJa, inEn] = [placeholders(ja, 'ja'), placeholders(en, 'en')];
      return inJa === inEn ? [] : [`${key}: {${inJa}} in ja, {${inEn}} in en`];
    } catch (cause) {
      return [`${key}: ${String(cause)}`];
    }
  });
}

function placeholders(text: string, locale: string): string {
  const names = new IntlMessageFormat(text, locale)
    .getAst()
    .flatMap((part) => ('value' in part && part.type !== 0 ? [String(part.value)] : []));
  return [...new Set(names)].sort().join(',');
}
