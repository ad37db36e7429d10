import { rank } from '../values/compare.ts';
import { complement } from '../values/encode-key.ts';
import { show } from '../values/show.ts';
import { isDoc, Regex, type Value } from '../values/types.ts';
import type { Leaf } from '../query/matcher.ts';
import { sameCollation, type Collation } from '../query/text-fold.ts';
import type { Index } from '../catalog/collection.ts';
import type { IndexDefinition, KeyPart } from './definition.ts';
import { partKey } from './entries.ts';

/** A stretch of one field's keys. The ends are prefixes: everything that starts with them counts. */
export interface FieldRange {
  readonly low: string;
  readonly lowIncluded: boolean;
  readonly high: string;
  readonly highIncluded: boolean;
  /** As `explain` shows it. */
  readonly text: () => string;
}

/** What the filter says about one field of an index. */
export interface FieldBounds {
  readonly ranges: readonly FieldRange[];
  /** True when every range is one value. */
  readonly points: boolean;
  /** True when the ranges say exactly what the filter says. */
  readonly exact: boolean;
}

const MAX_POINTS = 1000;
const typeByte = (r: number): string => String.fromCharCode(r + 16);

/** The next string that does not start with `prefix` (prefixes never consist of 255 alone). */
export function after(prefix: string): string {
  let end = prefix.length;
  while (end > 0 && prefix.charCodeAt(end - 1) === 255) end--;
  return prefix.slice(0, end - 1) + String.fromCharCode(prefix.charCodeAt(end - 1) + 1);
}

const isPoint = (v: Value): boolean => !Array.isArray(v) && !(v instanceof Regex) && rank(v) !== 2;

// With another collation than the index, only values without text keep their place.
const comparable = (v: Value, definition: IndexDefinition, collation: Collation | null): boolean =>
  sameCollation(definition.collation, collation) || (rank(v) !== 5 && !isDoc(v));

function point(definition: IndexDefinition, part: KeyPart, v: Value): FieldRange {
  const key = partKey(definition, { ...part, descending: false }, v);
  return {
    low: key,
    lowIncluded: true,
    high: key,
    highIncluded: true,
    text: () => `[${show(v)}, ${show(v)}]`,
  };
}

/** The bounds that the leaves of one field give, or null when none can be used. */
export function fieldBounds(
  index: Index,
  part: KeyPart,
  leaves: readonly Leaf[],
  collation: Collation | null,
): FieldBounds | null {
  const { definition } = index;
  for (const leaf of leaves) {
    const values =
      leaf.op === '$eq'
        ? [leaf.value]
        : leaf.op === '$in' && Array.isArray(leaf.value)
          ? leaf.value
          : null;
    if (!values || values.length > MAX_POINTS) continue;
    if (!values.every((v) => isPoint(v) && comparable(v, definition, collation))) continue;
    const unique = new Map<string, FieldRange>();
    for (const v of values) {
      const range = point(definition, part, v);
      unique.set(range.low, range);
    }
    const ranges = [...unique.values()].sort((a, b) => (a.low < b.low ? -1 : 1));
    const exact = leaves.length === 1 && !index.multikey && values.every((v) => v !== null);
    return { ranges, points: true, exact };
  }
  const range = rangeOf(index, part, leaves, collation);
  return range ? { ranges: [range], points: false, exact: false } : null;
}

function rangeOf(
  index: Index,
  part: KeyPart,
  leaves: readonly Leaf[],
  collation: Collation | null,
): FieldRange | null {
  const { definition } = index;
  let found: FieldRange | null = null;
  for (const leaf of leaves) {
    const one =
      leaf.op === '$regex'
        ? prefixRange(leaf.value, definition, collation)
        : orderRange(leaf, definition, part, collation);
    if (!one) continue;
    if (!found) found = one;
    else if (!index.multikey) found = intersect(found, one); // on arrays two bounds may hold for two elements
  }
  return found;
}

function orderRange(
  leaf: Leaf,
  definition: IndexDefinition,
  part: KeyPart,
  collation: Collation | null,
): FieldRange | null {
  const { op, value } = leaf;
  if (op !== '$gt' && op !== '$gte' && op !== '$lt' && op !== '$lte') return null;
  const r = rank(value);
  // Ranges over null, arrays and the two end keys cross types: the whole index is read instead.
  if (r <= 3 || r === 7 || r === 17 || !comparable(value, definition, collation)) return null;
  const key = partKey(definition, { ...part, descending: false }, value);
  const bracket = typeByte(r);
  if (op === '$gt' || op === '$gte') {
    const text = (): string =>
      `${op === '$gt' ? '(' : '['}${show(value)}, ${r === 4 ? 'inf' : 'end of type'}]`;
    return { low: key, lowIncluded: op === '$gte', high: bracket, highIncluded: true, text };
  }
  const text = (): string =>
    `[${r === 4 ? '-inf' : 'start of type'}, ${show(value)}${op === '$lt' ? ')' : ']'}`;
  return { low: bracket, lowIncluded: true, high: key, highIncluded: op === '$lte', text };
}

function prefixRange(
  value: Value,
  definition: IndexDefinition,
  collation: Collation | null,
): FieldRange | null {
  if (!(value instanceof Regex) || value.options !== '' || definition.collation || collation)
    return null;
  const prefix = /^\^([\w \-:@/,#%&=!~]+)(.?)/.exec(value.pattern);
  if (!prefix || value.pattern.includes('|')) return null;
  const literal = '?*{'.includes(prefix[2] || '.')
    ? (prefix[1] as string).slice(0, -1)
    : (prefix[1] as string);
  if (literal === '') return null;
  const low = typeByte(5) + literal;
  return {
    low,
    lowIncluded: true,
    high: low,
    highIncluded: true,
    text: () => `["${literal}", after "${literal}")`,
  };
}

function intersect(a: FieldRange, b: FieldRange): FieldRange {
  const low = a.low > b.low || (a.low === b.low && !a.lowIncluded) ? a : b;
  const high = start(a) < start(b) ? a : b;
  return {
    low: low.low,
    lowIncluded: low.lowIncluded,
    high: high.high,
    highIncluded: high.highIncluded,
    text: () => `${a.text()} and ${b.text()}`,
  };
}

const start = (range: FieldRange): string => (range.highIncluded ? after(range.high) : range.high);

/** The bytes of a field range as a half-open interval, turned around for a descending field. */
export function intervalOf(
  range: FieldRange,
  descending: boolean,
): readonly [from: string, to: string] {
  if (!descending) {
    return [range.lowIncluded ? range.low : after(range.low), start(range)];
  }
  const low = complement(range.low);
  const high = complement(range.high);
  return [range.highIncluded ? high : after(high), range.lowIncluded ? after(low) : low];
}
