import { expect, test } from 'vitest';
import { decimalFromDouble, decimalFromString, decimalToString } from './decimal.ts';
import {
  decimalAdd,
  decimalDivide,
  decimalMultiply,
  decimalRemainder,
  decimalSqrt,
} from './decimal-math.ts';
import { add, multiply, truncated } from './number.ts';
import { Total } from './total.ts';
import { Decimal128, Double, typeName, type Value } from './types.ts';

const dec = (text: string): Decimal128 => decimalFromString(text) as Decimal128;
const shown = (v: Value): string =>
  v instanceof Decimal128 ? decimalToString(v) : v instanceof Double ? String(v.value) : String(v);

test.each([
  [1, 2, 'int', '3'],
  [2147483647, 1, 'long', '2147483648'],
  [1, 2n, 'long', '3'],
  [1n, new Double(0.5), 'double', '1.5'],
  [1n, dec('0.10'), 'decimal', '1.10'],
  [new Double(1), dec('2'), 'decimal', '3.00000000000000'],
] as const)('%s + %s is a %s', (a, b, type, text) => {
  const sum = add(a, b);
  expect([typeName(sum), shown(sum)]).toEqual([type, text]);
});

test('an int64 that overflows is refused where money is counted, and becomes a double in expressions', () => {
  expect(() => add(9223372036854775807n, 1n, 'refuse')).toThrow(/overflows/);
  expect(() => multiply(9223372036854775807n, 2, 'refuse')).toThrow(/overflows/);
  expect(add(9223372036854775807n, 1n)).toEqual(new Double(9223372036854775808));
});

test.each([
  '0',
  '-0',
  '1.50',
  '1E+3',
  '1E-7',
  '12345678901234567890123456789012.34',
  'NaN',
  '-Infinity',
  '9.999999999999999999999999999999999E+6144',
])('the decimal %s is written as it was read', (text) =>
  expect(decimalToString(dec(text))).toBe(text),
);

test('decimals are added and multiplied exactly', () => {
  expect(decimalToString(decimalAdd(dec('0.1'), dec('0.2')))).toBe('0.3');
  expect(decimalToString(decimalMultiply(dec('1.10'), dec('3')))).toBe('3.30');
});

test.each([
  ['1', '3', '0.3333333333333333333333333333333333'],
  ['2', '3', '0.6666666666666666666666666666666667'],
  ['1', '9999999999999999999999999999999999', '1.000000000000000000000000000000000E-34'],
  ['10', '4', '2.5'],
  ['1.20', '2', '0.60'],
  ['Infinity', '-2', '-Infinity'],
  ['Infinity', 'Infinity', 'NaN'],
])('the decimal %s divided by %s is %s', (a, b, text) =>
  expect(decimalToString(decimalDivide(dec(a), dec(b)))).toBe(text),
);

test('decimals far apart in size are added to the last digit', () => {
  expect(decimalToString(decimalAdd(dec('1E+100'), dec('1')))).toBe(
    '1.000000000000000000000000000000000E+100',
  );
  expect(decimalToString(decimalAdd(dec('-0'), dec('-0')))).toBe('-0');
  expect(decimalToString(dec('1E-7000'))).toBe('0E-6176');
});

test('remainders and roots of decimals are exact where they can be', () => {
  expect(decimalToString(decimalRemainder(dec('-5.5'), dec('2')))).toBe('-1.5');
  expect(decimalToString(decimalSqrt(dec('2.25')))).toBe('1.5');
  expect(decimalToString(decimalSqrt(dec('2')))).toBe('1.414213562373095048801688724209698');
});

test.each([
  [0.1, '0.100000000000000', '0.1000000000000000055511151231257827'],
  [1e22, '1.00000000000000E+22', '10000000000000000000000'],
  [-0, '-0', '-0'],
  [1000000000000005, '1.00000000000000E+15', '1000000000000005'],
])('the double %s is the decimal %s by 15 digits and %s by 34', (n, short, long) => {
  expect(decimalToString(decimalFromDouble(n))).toBe(short);
  expect(decimalToString(decimalFromDouble(n, 34))).toBe(long);
});

test('numbers are cut towards zero without a detour through doubles', () => {
  expect(truncated(dec('9007199254740993.9'))).toBe(9007199254740993n);
  expect(truncated(dec('-0.5'))).toBe(0n);
  expect(truncated(new Double(-2.7))).toBe(-2n);
  expect(truncated(dec('NaN'))).toBeNull();
});

test.each<[Value[], string, string]>([
  [[], 'int', '0'],
  [[2147483647, 1, -1], 'int', '2147483647'],
  [[2147483647, 1], 'long', '2147483648'],
  [[9223372036854775807n, 1, -1], 'long', '9223372036854775807'],
  [[9223372036854775807n, 1], 'double', '9223372036854776000'],
  [Array.from({ length: 10 }, () => new Double(0.1)), 'double', '1'],
  [[new Double(1e16), 1, new Double(-1e16)], 'double', '1'],
  [[dec('0.1'), dec('0.2'), 1], 'decimal', '1.3'],
  [[dec('1'), new Double(0.5)], 'decimal', '1.5'],
  [[new Double(Infinity), new Double(-Infinity)], 'double', 'NaN'],
  [['text', null, 5], 'int', '5'],
])('the total of %s is a %s, %s', (list, type, text) => {
  const total = new Total();
  for (const item of list) total.add(item);
  expect([typeName(total.value()), shown(total.value())]).toEqual([type, text]);
});
