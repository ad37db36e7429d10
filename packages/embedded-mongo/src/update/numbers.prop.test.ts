import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFilter } from '../query/parse.ts';
import { aNumber } from '../testing/arbitrary.ts';
import { compare, compareFractions, fraction, type Fraction } from '../values/compare.ts';
import { decimalFromString, parts } from '../values/decimal.ts';
import { encode } from '../values/encode.ts';
import { toDecimal, toDouble, type Numeric } from '../values/number.ts';
import {
  Decimal128,
  Double,
  isNumber,
  Timestamp,
  typeName,
  type Doc,
  type Value,
} from '../values/types.ts';
import { compileUpdate } from './update.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);
const decimal = (text: string): Decimal128 => decimalFromString(text) as Decimal128;

/** Every edge of every type: each pair of them is tried, not a sample. */
const EDGES: readonly Numeric[] = [
  0,
  1,
  -1,
  2147483647,
  -2147483648,
  0n,
  7n,
  2n ** 53n - 1n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  ...[0, -0, 1, 0.1, -1.5, 2 ** 53, 2 ** 53 + 2, 2 ** 63].map((n) => new Double(n)),
  ...[5e-324, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN].map((n) => new Double(n)),
  ...['0', '-0', '1', '0.10', '-2.5', '9007199254740993', '1E-6176', '1E+33'].map(decimal),
  ...['9.999999999999999999999999999999999E+6144', 'NaN', 'Infinity', '-Infinity'].map(decimal),
];

/** The value of a field after an update, or the code of the refusal. */
function after(op: string, old: Numeric | undefined, operand: Value): Value | undefined {
  const update = compileUpdate(new Map([[op, new Map([['n', operand]])]]), {
    filter: parseFilter(new Map()),
    arrayFilters: [],
    variables: new Map(),
    clock: { nowMs: 0, clusterTime: new Timestamp(1, 1) },
  });
  const doc: Doc = old === undefined ? new Map() : new Map([['n', old]]);
  return update.apply(doc, 'update').get('n');
}

const codeOf = (run: () => unknown): number | null => {
  try {
    run();
    return null;
  } catch (error) {
    return (error as { code: number }).code;
  }
};

type Whole = number | bigint;
const isWhole = (v: Numeric): v is Whole => typeof v === 'number' || typeof v === 'bigint';
const fitsLong = (n: bigint): boolean => BigInt.asIntN(64, n) === n;
const fitsInt = (n: bigint): boolean => BigInt.asIntN(32, n) === n;

interface Arithmetic {
  readonly op: '$inc' | '$mul';
  readonly whole: (a: bigint, b: bigint) => bigint;
  readonly double: (a: number, b: number) => number;
  readonly exact: (a: Fraction, b: Fraction) => Fraction;
}

const INC: Arithmetic = {
  op: '$inc',
  whole: (a, b) => a + b,
  double: (a, b) => a + b,
  exact: (a, b) => ({
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  }),
};
const MUL: Arithmetic = {
  op: '$mul',
  whole: (a, b) => a * b,
  double: (a, b) => a * b,
  exact: (a, b) => ({
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
  }),
};

function checkArithmetic(how: Arithmetic, old: Numeric, by: Numeric): void {
  if (isWhole(old) && isWhole(by)) {
    checkWhole(how, old, by);
    return;
  }
  const result = after(how.op, old, by);
  if (old instanceof Decimal128 || by instanceof Decimal128) {
    expect(typeName(result)).toBe('decimal');
    checkDecimal(how, [toDecimal(old), toDecimal(by)], result as Decimal128);
  } else {
    // Object.is tells -0 from 0 and takes NaN for NaN.
    expect(result).toBeInstanceOf(Double);
    expect((result as Double).value).toBe(how.double(toDouble(old), toDouble(by)));
  }
}

function checkWhole(how: Arithmetic, old: Whole, by: Whole): void {
  const expected = how.whole(BigInt(old), BigInt(by));
  if (!fitsLong(expected)) {
    expect(codeOf(() => after(how.op, old, by))).toBe(2);
    return;
  }
  const int = typeof old === 'number' && typeof by === 'number' && fitsInt(expected);
  expect(after(how.op, old, by)).toBe(int ? Number(expected) : expected);
}

/** A finite result is the exact one, or the nearest with all 34 digits used. */
function checkDecimal(how: Arithmetic, [a, b]: [Decimal128, Decimal128], got: Decimal128): void {
  const [x, y, r] = [parts(a), parts(b), parts(got)];
  if (x.kind !== 'finite' || y.kind !== 'finite') {
    const number = how.double(size(a), size(b)); // beside an infinity only signs count
    if (Number.isNaN(number)) expect(r.kind).toBe('nan');
    else expect(r).toEqual({ kind: 'infinity', negative: number < 0 });
    return;
  }
  const exact = how.exact(fraction(a), fraction(b));
  if (r.kind !== 'finite') {
    const beyond = compareFractions(magnitude(exact), fraction(decimal('9.99E+6144')));
    expect([r.kind, beyond]).toEqual(['infinity', 1]);
    return;
  }
  const error = magnitude(difference(exact, fraction(got)));
  const last: Fraction = fraction(decimal(`1E${r.exponent}`));
  expect(compareFractions(twice(error), last)).toBeLessThanOrEqual(0);
  if (error.numerator !== 0n)
    expect([34, 'least'] as unknown[]).toContain(
      r.exponent === -6176 ? 'least' : r.coefficient.toString().length,
    );
}

/** A decimal as a small double of the same sign, or as the infinity or NaN it is. */
function size(d: Decimal128): number {
  const p = parts(d);
  return p.kind === 'finite' ? Number(compareFractions(fraction(d), ZERO)) : toDouble(d);
}

const ZERO: Fraction = { numerator: 0n, denominator: 1n };
const magnitude = (f: Fraction): Fraction =>
  f.numerator < 0n ? { ...f, numerator: -f.numerator } : f;
const twice = (f: Fraction): Fraction => ({ ...f, numerator: f.numerator * 2n });
const difference = (a: Fraction, b: Fraction): Fraction => ({
  numerator: a.numerator * b.denominator - b.numerator * a.denominator,
  denominator: a.denominator * b.denominator,
});

function checkBound(op: '$min' | '$max', old: Numeric, by: Numeric): void {
  const wins = op === '$min' ? compare(by, old) < 0 : compare(by, old) > 0;
  expect(after(op, old, by)).toBe(wins ? by : old);
}

const BITS: readonly (readonly [string, (a: bigint, b: bigint) => bigint])[] = [
  ['and', (a, b) => a & b],
  ['or', (a, b) => a | b],
  ['xor', (a, b) => a ^ b],
];

function checkBits(old: Numeric, by: Numeric): void {
  for (const [name, apply] of BITS) {
    const operand: Doc = new Map([[name, by]]);
    if (!isWhole(old) || !isWhole(by)) {
      expect(codeOf(() => after('$bit', old, operand))).toBe(2);
      continue;
    }
    const expected = apply(BigInt(old), BigInt(by));
    const int = typeof old === 'number' && typeof by === 'number';
    expect(after('$bit', old, operand)).toBe(int ? Number(expected) : expected);
  }
}

function checkAll(old: Numeric, by: Numeric): void {
  checkArithmetic(INC, old, by);
  checkArithmetic(MUL, old, by);
  checkBound('$min', old, by);
  checkBound('$max', old, by);
  checkBits(old, by);
}

test('every pair of numbers at the edge of its type has the value and the type MongoDB gives', () => {
  for (const old of EDGES) for (const by of EDGES) checkAll(old, by);
});

test(`pairs of any numbers have the value and the type MongoDB gives (seed ${seed})`, () => {
  fc.assert(
    fc.property(aNumber(), aNumber(), (old, by) => checkAll(old as Numeric, by as Numeric)),
    { seed, numRuns: 2000 },
  );
});

test('a field that is not there starts from nothing: $inc sets, $mul gives a zero of the same type', () => {
  for (const by of EDGES) {
    expect(after('$inc', undefined, by)).toBe(by);
    expect(after('$min', undefined, by)).toBe(by);
    expect(after('$max', undefined, by)).toBe(by);
    const product = after('$mul', undefined, by);
    expect(typeName(product)).toBe(typeName(by));
    if (isNumber(product) && Number.isFinite(toDouble(by))) expect(toDouble(product) + 0).toBe(0);
  }
});

describe('a number beside the field that is changed keeps its type and its bytes', () => {
  const UPDATES: readonly (readonly [string, Value])[] = [
    ['$set', 5],
    ['$unset', ''],
    ['$setOnInsert', 1],
    ['$inc', 1],
    ['$mul', new Double(2)],
    ['$min', 0],
    ['$max', 9],
    ['$bit', new Map([['or', 1]])],
    ['$rename', 'm'],
    ['$currentDate', true],
  ];
  const LISTS: readonly (readonly [string, Value])[] = [
    ['$push', 1],
    ['$addToSet', 1n],
    ['$pop', 1],
    ['$pull', 3],
    ['$pullAll', [3]],
  ];
  test.each([...UPDATES, ...LISTS])(`through %s (seed ${seed})`, (op, operand) => {
    const list = LISTS.some(([name]) => name === op);
    const update = compileUpdate(new Map([[op, new Map([['n', operand]])]]), {
      filter: parseFilter(new Map()),
      arrayFilters: [],
      variables: new Map(),
      clock: { nowMs: 0, clusterTime: new Timestamp(1, 1) },
    });
    fc.assert(
      fc.property(aNumber(), (kept) => {
        const doc: Doc = new Map<string, Value>([
          ['kept', kept],
          ['inside', new Map([['list', [kept]]])],
          ['n', list ? [kept] : 3],
        ]);
        const out = update.apply(doc, 'update');
        const untouched = (d: Doc): Buffer =>
          encode(new Map(['kept', 'inside'].map((name) => [name, d.get(name) as Value])));
        expect(untouched(out).equals(untouched(doc))).toBe(true);
      }),
      { seed, numRuns: 150 },
    );
  });
});
