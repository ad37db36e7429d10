import fc from 'fast-check';
import { decimalFromString } from '../values/decimal.ts';
import {
  Binary,
  Double,
  MAX_KEY,
  MIN_KEY,
  ObjectId,
  Regex,
  Timestamp,
  UtcDate,
  type Decimal128,
  type Value,
} from '../values/types.ts';

const decimal = (text: string): Decimal128 => decimalFromString(text) as Decimal128;

/** Numbers that sit close together across the four types. */
const neighbours: Value[] = [
  0,
  1,
  -1,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  new Double(0.1),
  new Double(-0),
  new Double(2 ** 53),
  new Double(2 ** 63),
  new Double(Infinity),
  new Double(-Infinity),
  new Double(Number.NaN),
  new Double(5e-324),
  new Double(-5e-324),
  new Double(Number.MAX_VALUE),
  1n,
  new Double(1),
  decimal('1.00'),
  decimal('0.1'),
  decimal('0.10'),
  decimal('9007199254740993'),
  decimal('9007199254740993.5'),
  decimal('-9007199254740993.5'),
  decimal('1E-400'),
  decimal('-1E-400'),
  decimal('1E400'),
  decimal('-1E400'),
  decimal('NaN'),
  decimal('Infinity'),
  decimal('-Infinity'),
  decimal('0E-10'),
];

/** Any number of any type. */
export const aNumber = (): fc.Arbitrary<Value> =>
  fc.oneof(
    fc.constantFrom(...neighbours),
    fc.integer({ min: -2147483648, max: 2147483647 }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double().map((n) => new Double(n)),
    fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -25, max: 25 }))
      .map(([c, e]) => decimal(`${c}E${e}`)),
  );

const aScalar = (): fc.Arbitrary<Value> =>
  fc.oneof(
    aNumber(),
    fc.constantFrom<Value>(
      null,
      true,
      false,
      MIN_KEY,
      MAX_KEY,
      '',
      'a',
      'a\0',
      'a\0b',
      '\u{1F600}',
      '\uffee',
      'ab',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.uint8Array({ minLength: 12, maxLength: 12 }).map((b) => new ObjectId(b)),
    fc.integer({ min: -1e12, max: 1e12 }).map((ms) => new UtcDate(ms)),
    fc
      .tuple(fc.uint8Array({ maxLength: 5 }), fc.constantFrom(0, 4, 128))
      .map(([b, s]) => new Binary(b, s)),
    fc.tuple(fc.nat(100), fc.nat(100)).map(([s, o]) => new Timestamp(s, o)),
    fc.constantFrom(new Regex('a', 'i'), new Regex('a'), new Regex('b')),
  );

/** Any value, nested up to three levels. */
export const aValue = (): fc.Arbitrary<Value> =>
  fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      aScalar(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc
        .uniqueArray(
          fc.tuple(fc.constantFrom('a', 'b', 'ab', '', '1', '__proto__'), tie('value')),
          { maxLength: 3, selector: ([k]) => k },
        )
        .map((entries) => new Map(entries)),
    ),
  })).value;
