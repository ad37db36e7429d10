import { expect, test } from 'vitest';
import { decimalAdd, decimalFromString, decimalMultiply, decimalToString } from './decimal.ts';
import { add, multiply } from './number.ts';
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
