import { compare, rank } from '../values/compare.ts';
import { encodeKey } from '../values/encode-key.ts';
import { badValue } from '../values/errors.ts';
import { toDouble, toWhole } from '../values/number.ts';
import {
  Binary,
  Double,
  MaxKey,
  MinKey,
  Regex,
  BsonSymbol,
  isNumber,
  typeOf,
  type Value,
} from '../values/types.ts';
import { compileRegex } from './regex.ts';
import { foldValue, type Collation } from './text-fold.ts';

/** A test of one value; `undefined` is a field that is not there. */
export type Test = (v: Value | undefined) => boolean;

const isNaN = (v: Value): boolean => isNumber(v) && Number.isNaN(toDouble(v));
// Since 8.0 null no longer means the deprecated type undefined as well.
const isNothing = (v: Value | undefined): boolean => v === undefined || v === null;

/** Equality as `$eq` has it: null also means a missing field. */
export function equals(wanted: Value, collation: Collation | null): Test {
  if (isNothing(wanted)) return isNothing;
  const folded = foldValue(wanted, collation);
  if (!collation && (typeof wanted === 'string' || typeof wanted === 'boolean')) {
    return (v) => v === wanted || (v instanceof BsonSymbol && v.value === wanted);
  }
  return (v) => v !== undefined && compare(foldValue(v, collation), folded) === 0;
}

/** The four order operators; a value of another type never passes, except against MinKey and MaxKey. */
export function ordered(
  op: '$gt' | '$gte' | '$lt' | '$lte',
  wanted: Value,
  collation: Collation | null,
): Test {
  const withEqual = op === '$gte' || op === '$lte';
  if (isNothing(wanted)) return (v) => withEqual && isNothing(v);
  if (isNaN(wanted)) return (v) => withEqual && v !== undefined && isNaN(v);
  const up = op === '$gt' || op === '$gte';
  const folded = foldValue(wanted, collation);
  const anyType = wanted instanceof MinKey || wanted instanceof MaxKey;
  const wantedRank = rank(wanted);
  return (v) => {
    if (v === undefined) return false;
    if (!anyType && (rank(v) !== wantedRank || isNaN(v))) return false;
    const c = compare(foldValue(v, collation), folded);
    return c === 0 ? withEqual : c > 0 === up;
  };
}

/** A regular expression over text; a stored expression also equals itself. */
export function matchesRegex(regex: Regex): Test {
  const test = compileRegex(regex);
  return (v) => {
    if (typeof v === 'string') return test(v);
    if (v instanceof BsonSymbol) return test(v.value);
    return v instanceof Regex && v.pattern === regex.pattern && v.options === regex.options;
  };
}

/** Up to so many values are compared one by one; more are looked up by their keys. */
const FEW = 8;

function isAmong(list: readonly Value[], collation: Collation | null): Test {
  const keys = new Set(list.map((wanted) => encodeKey(foldValue(wanted, collation))));
  const nothing = list.some((wanted) => isNothing(wanted));
  return (v) =>
    v === undefined || v === null ? nothing : keys.has(encodeKey(foldValue(v, collation)));
}

/** `$in`: equal to one of many, or matched by one of the expressions among them. */
export function isIn(list: readonly Value[], collation: Collation | null): Test {
  const texts = new Set<Value>();
  const others: Test[] = [];
  const plain: Value[] = [];
  for (const wanted of list) {
    if (wanted instanceof Regex) others.push(matchesRegex(wanted));
    else if (typeof wanted === 'string') texts.add(foldValue(wanted, collation));
    else plain.push(wanted);
  }
  if (plain.length > FEW) others.push(isAmong(plain, collation));
  else for (const wanted of plain) others.push(equals(wanted, collation));
  return (v) => {
    if (typeof v === 'string') {
      if (texts.has(foldValue(v, collation))) return true;
    }
    for (const test of others) if (test(v)) return true;
    return false;
  };
}

/** `$mod: [divisor, remainder]`, both cut to whole numbers. */
export function mod(spec: Value): Test {
  if (!Array.isArray(spec) || spec.length !== 2)
    throw badValue('malformed mod, needs to be an array of two numbers');
  const [divisor, remainder] = spec.map((v) => {
    if (!isNumber(v) || !Number.isFinite(toDouble(v)))
      throw badValue('malformed mod, divisor and remainder must be numbers');
    return toWhole(v) ?? BigInt(Math.trunc(toDouble(v)));
  }) as [bigint, bigint];
  if (divisor === 0n) throw badValue('divisor cannot be 0');
  return (v) => {
    if (!isNumber(v) || !Number.isFinite(toDouble(v))) return false;
    return (toWhole(v) ?? BigInt(Math.trunc(toDouble(v)))) % divisor === remainder;
  };
}

/** `$type` by type bytes. */
export const hasType =
  (types: ReadonlySet<number>): Test =>
  (v) =>
    v !== undefined && types.has(typeOf(v));

/** The four bit operators over whole numbers and binary data. */
export function bits(op: string, spec: Value): Test {
  const positions = bitPositions(spec);
  const wantSet = op === '$bitsAllSet' || op === '$bitsAnySet';
  const all = op === '$bitsAllSet' || op === '$bitsAllClear';
  return (v) => {
    const isSet = bitReader(v);
    if (!isSet) return false;
    const hit = (at: number): boolean => isSet(at) === wantSet;
    return all ? positions.every(hit) : positions.some(hit);
  };
}

function bitPositions(spec: Value): number[] {
  if (Array.isArray(spec)) {
    return spec.map((v) => {
      const at = isNumber(v) ? toDouble(v) : -1;
      if (!Number.isInteger(at) || at < 0)
        throw badValue('bit positions must be whole numbers of zero or more');
      return at;
    });
  }
  const reader = bitReader(spec);
  const length = spec instanceof Binary ? spec.bytes.length * 8 : 64;
  if (!reader || (isNumber(spec) && toDouble(spec) < 0))
    throw badValue('a bit mask must be a whole number of zero or more, binary data or an array');
  return Array.from({ length }, (_, at) => at).filter(reader);
}

function bitReader(v: Value | undefined): ((at: number) => boolean) | null {
  if (v instanceof Binary) return (at) => (((v.bytes[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
  if (!isNumber(v) || (v instanceof Double && !Number.isInteger(v.value))) return null;
  const whole = toWhole(v);
  return whole === null ? null : (at) => ((whole >> BigInt(Math.min(at, 63))) & 1n) === 1n;
}
