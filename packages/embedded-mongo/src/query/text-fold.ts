import { badValue, failedToParse, notImplemented } from '../values/errors.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';

/** A collation this engine can hold: text is folded, then compared by its bytes. */
export interface Collation {
  readonly strength: 1 | 2;
  readonly locale: string;
  readonly source: Doc;
}

const KNOWN = new Set([
  'locale',
  'strength',
  'caseLevel',
  'caseFirst',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'normalization',
  'backwards',
  'version',
]);

/**
 * Reads a collation document; null is the simple, byte-wise one.
 * Strength 1 ignores case and diacritics, strength 2 ignores case. Anything finer would need the
 * sort tables of a language, which are not there: it is refused.
 */
export function parseCollation(v: Value | undefined): Collation | null {
  if (v === undefined || v === null || (isDoc(v) && v.size === 0)) return null;
  if (!isDoc(v)) throw failedToParse('collation must be a document');
  for (const name of v.keys()) {
    if (!KNOWN.has(name)) throw failedToParse(`Unrecognized collation field: ${name}`);
  }
  const locale = v.get('locale');
  if (typeof locale !== 'string') throw failedToParse('collation needs a locale');
  if (locale === 'simple') return null;
  if (!/^[a-z]{2,3}([_@][\w=@-]*)?$/i.test(locale))
    throw badValue(`Field 'locale' is invalid in: ${locale}`);
  const strength = v.get('strength');
  const level = strength === undefined ? 3 : isNumber(strength) ? toDouble(strength) : Number.NaN;
  if (level !== 1 && level !== 2)
    throw notImplemented(`collation strength ${level} (1 and 2 are supported)`);
  for (const flag of ['caseLevel', 'numericOrdering', 'backwards']) {
    if (v.get(flag) === true) throw notImplemented(`collation option ${flag}`);
  }
  if (v.get('alternate') === 'shifted') throw notImplemented('collation option alternate: shifted');
  return { strength: level, locale, source: v };
}

/** True when two collations order and equate text alike. */
export const sameCollation = (a: Collation | null, b: Collation | null): boolean =>
  a?.strength === b?.strength;

/** Folds one text. */
export function foldText(text: string, collation: Collation): string {
  const plain =
    collation.strength === 1
      ? text.normalize('NFD').replace(/\p{M}+/gu, '')
      : text.normalize('NFC');
  return plain.toLowerCase();
}

/** Folds every text inside a value; field names are left alone. */
export function foldValue(v: Value, collation: Collation | null): Value {
  if (!collation) return v;
  if (typeof v === 'string') return foldText(v, collation);
  if (Array.isArray(v)) return v.map((item) => foldValue(item, collation));
  if (!(v instanceof Map)) return v;
  return new Map([...v].map(([name, value]) => [name, foldValue(value, collation)]));
}
