import { describe, expect, test } from 'vitest';
import { d, v, type Literal } from '../testing/literal.ts';
import { decimalFromString } from '../values/decimal.ts';
import { Double, UtcDate, type Decimal128 } from '../values/types.ts';
import { compileExpression } from './compile.ts';

const dec = (text: string): Decimal128 => decimalFromString(text) as Decimal128;
const dbl = (n: number): Double => new Double(n);
const date = (text: string): UtcDate => new UtcDate(Date.parse(text));

type Row = readonly [expression: Literal, expected: Literal, doc?: object];

function check(rows: readonly Row[]): void {
  test.each(rows.map((row) => [row[0], row[1], row[2] ?? {}] as const))(
    '%o is %o',
    (expression, expected, doc) => {
      expect(compileExpression(v(expression), new Map())(d(doc))).toEqual(v(expected));
    },
  );
}

describe('arithmetic keeps or widens the type of its numbers', () => {
  check([
    [{ $add: [1, 2] }, 3],
    [{ $add: [2147483647, 1] }, 2147483648n],
    [{ $add: [2147483647, 1, -1] }, 2147483647],
    [{ $add: [1, 2n] }, 3n],
    [{ $add: [9223372036854775807n, 1] }, dbl(9223372036854775808)],
    [{ $add: [1, 0.5] }, 1.5],
    [{ $add: [0.1, 0.2, 0.3] }, 0.6],
    [{ $add: [dec('0.10'), 1] }, dec('1.10')],
    [{ $add: [1, null] }, null],
    [{ $add: [1, '$a'] }, null],
    [{ $add: [] }, 0],
    [{ $add: [date('2024-01-01'), 1000] }, date('2024-01-01T00:00:01Z')],
    [{ $subtract: [date('2024-01-02'), date('2024-01-01')] }, 86400000n],
    [{ $subtract: [date('2024-01-02'), 86400000] }, date('2024-01-01')],
    [{ $subtract: [-2147483648, 1] }, -2147483649n],
    [{ $subtract: [3, dec('0.5')] }, dec('2.5')],
    [{ $multiply: [65536, 65536] }, 4294967296n],
    [{ $multiply: [9223372036854775807n, 2] }, dbl(18446744073709552000)],
    [{ $multiply: [2, 1.5, 1n] }, dbl(3)],
    [{ $divide: [6, 3] }, dbl(2)],
    [{ $divide: [1, dec('8')] }, dec('0.125')],
    [{ $divide: [null, 3] }, null],
    [{ $mod: [-7, 3] }, -1],
    [{ $mod: [7n, 3] }, 1n],
    [{ $mod: [7.5, 2] }, 1.5],
    [{ $mod: [dec('7.5'), 2] }, dec('1.5')],
    [{ $abs: -5 }, 5],
    [{ $abs: -2147483648 }, 2147483648n],
    [{ $abs: dec('-1.50') }, dec('1.50')],
    [{ $abs: [-1.5] }, 1.5],
    [{ $sum: ['$a', 1] }, 3, { a: 2 }],
    [{ $sum: '$a' }, 6n, { a: [1, 2n, 'x', 3] }],
    [{ $sum: ['$a', '$a'] }, 0, { a: [1, 2] }],
    [{ $avg: [1, 2] }, 1.5],
    [{ $avg: '$a' }, dec('2'), { a: [dec('1'), 3] }],
    [{ $avg: [] }, null],
    [{ $max: [1, 5n, 3] }, 5n],
    [{ $min: '$a' }, 1, { a: [3, 1, null] }],
    [{ $stdDevPop: [2, 4, 4, 4, 5, 5, 7, 9] }, dbl(2)],
    [{ $stdDevSamp: [1, 3] }, Math.SQRT2],
    [{ $stdDevSamp: [1] }, null],
    [{ $median: { input: [3, 1, 2], method: 'approximate' } }, dbl(2)],
    [
      { $percentile: { input: [1, 2, 3, 4], p: [0.5, 1], method: 'approximate' } },
      [dbl(2), dbl(4)],
    ],
  ]);
});

describe('rounding, powers and bits', () => {
  check([
    [{ $round: [2.5] }, dbl(2)],
    [{ $round: [3.5, 0] }, dbl(4)],
    [{ $round: [2.675, 2] }, 2.67],
    [{ $round: [dec('2.675'), 2] }, dec('2.68')],
    [{ $round: [1234, -2] }, 1200],
    [{ $round: [2147483647, -1] }, 2147483650n],
    [{ $round: [5n] }, 5n],
    [{ $trunc: [-2.79, 1] }, -2.7],
    [{ $trunc: dec('1E+40') }, dec('1E+40')],
    [{ $ceil: 1.2 }, dbl(2)],
    [{ $floor: dec('-1.2') }, dec('-2')],
    [{ $ceil: 7 }, 7],
    [{ $round: ['$none', 2] }, null],
    [{ $sqrt: 16 }, dbl(4)],
    [{ $sqrt: dec('2.25') }, dec('1.5')],
    [{ $pow: [2, 10] }, 1024],
    [{ $pow: [2, 40] }, 1099511627776n],
    [{ $pow: [3, 41] }, dbl(3 ** 41)],
    [{ $pow: [2, -1] }, 0.5],
    [{ $pow: [1, -5] }, 1],
    [{ $pow: [2n, 3] }, 8n],
    [{ $exp: 0 }, dbl(1)],
    [{ $ln: 1 }, dbl(0)],
    [{ $log10: 1000 }, dbl(3)],
    [{ $log: [8, 2] }, dbl(3)],
    [{ $sin: 0 }, dbl(0)],
    [{ $atan2: [0, 1] }, dbl(0)],
    [{ $degreesToRadians: 180 }, Math.PI],
    [{ $bitAnd: [6, 3] }, 2],
    [{ $bitOr: [6, 3n] }, 7n],
    [{ $bitXor: [6, 3] }, 5],
    [{ $bitNot: 0 }, -1],
    [{ $bitNot: 0n }, -1n],
  ]);
});
