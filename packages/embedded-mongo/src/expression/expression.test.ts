import { describe, expect, test } from 'vitest';
import { d, v, type Literal } from '../testing/literal.ts';
import { decimalFromString } from '../values/decimal.ts';
import {
  Binary,
  Double,
  ObjectId,
  Regex,
  Timestamp,
  UtcDate,
  type Decimal128,
} from '../values/types.ts';
import { parseCollation } from '../query/text-fold.ts';
import { compileExpression } from './compile.ts';

const dec = (text: string): Decimal128 => decimalFromString(text) as Decimal128;
const dbl = (n: number): Double => new Double(n);
const date = (text: string): UtcDate => new UtcDate(Date.parse(text));
const MISSING = Symbol('missing');

type Row = readonly [expression: Literal, expected: Literal | typeof MISSING, doc?: object];

function check(rows: readonly Row[]): void {
  test.each(rows.map((row) => [row[0], row[1], row[2] ?? {}] as const))(
    '%o is %o',
    (expression, expected, doc) => {
      const result = compileExpression(v(expression), new Map())(d(doc));
      expect(result).toEqual(expected === MISSING ? undefined : v(expected as Literal));
    },
  );
}

describe('text', () => {
  check([
    [{ $toUpper: 'aé' }, 'Aé'],
    [{ $toLower: 'ÄB' }, 'Äb'],
    [{ $strcasecmp: ['a_', 'AB'] }, 1],
    [{ $trim: { input: '\u00a0 x\u3000' } }, 'x\u3000'],
    [{ $ltrim: { input: 'xxy', chars: 'x' } }, 'y'],
    [{ $substrBytes: ['héllo', 0, 3] }, 'hé'],
    [{ $substrCP: ['a😀b', 1, 1] }, '😀'],
    [{ $indexOfCP: ['a😀b', 'b'] }, 2],
    [{ $indexOfBytes: ['éb', 'b'] }, 2],
    [{ $indexOfCP: ['abc', 'c', 3, 1] }, -1],
    [{ $split: ['a-b', '-'] }, ['a', 'b']],
    [{ $replaceAll: { input: 'a.a', find: 'a', replacement: 'b&' } }, 'b&.b&'],
    [{ $regexMatch: { input: 'Abc', regex: '^a', options: 'i' } }, true],
    [
      { $regexFind: { input: '😀xaab', regex: 'a(a)?(z)?' } },
      { match: 'aa', idx: 2, captures: ['a', null] },
    ],
    [{ $regexFind: { input: 'x', regex: 'a' } }, null],
    [
      { $regexFind: { input: 'xa1', regex: 'a \\d # a digit', options: 'x' } },
      { match: 'a1', idx: 1, captures: [] },
    ],
    [
      { $regexFindAll: { input: 'a1b2', regex: new Regex('[a-z]') } },
      [
        { match: 'a', idx: 0, captures: [] },
        { match: 'b', idx: 2, captures: [] },
      ],
    ],
    [{ $regexFindAll: { input: null, regex: 'a' } }, []],
    [{ $concat: ['a', null] }, null],
  ]);
});

describe('arrays', () => {
  check([
    ['$a.b', [1, 2], { a: [{ b: 1 }, { c: 1 }, { b: 2 }] }],
    ['$a.b', [], { a: [[{ b: 1 }]] }],
    [{ $arrayElemAt: ['$a', -1] }, 2, { a: [1, 2] }],
    [{ $arrayElemAt: ['$a', 9] }, MISSING, { a: [1, 2] }],
    [{ $slice: ['$a', null] }, null, { a: [1] }],
    [{ $slice: [[1, 2, 3], -2, 1] }, [2]],
    [{ $filter: { input: [1, 2, 3], cond: { $gt: ['$$this', 1] }, limit: 1 } }, [2]],
    [{ $map: { input: [1, 2], as: 'n', in: { $add: ['$$n', 1] } } }, [2, 3]],
    [{ $reduce: { input: [1, 2], initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 3],
    [{ $zip: { inputs: [[1, 2], ['a']] } }, [[1, 'a']]],
    [
      { $zip: { inputs: [[1, 2], ['a']], useLongestLength: true, defaults: [0, 'z'] } },
      [
        [1, 'a'],
        [2, 'z'],
      ],
    ],
    [{ $sortArray: { input: [3, 'a', 1n], sortBy: 1 } }, [1n, 3, 'a']],
    [
      { $sortArray: { input: [{ a: 1, b: 1 }, { a: 2 }], sortBy: { a: -1 } } },
      [{ a: 2 }, { a: 1, b: 1 }],
    ],
    [{ $maxN: { n: 2, input: [1, 5, null, 3] } }, [5, 3]],
    [{ $firstN: { n: 2, input: [1, 5, 3] } }, [1, 5]],
    [{ $range: [0, 5, 2] }, [0, 2, 4]],
    [{ $indexOfArray: [[1, 2, 2], 2, 2] }, 2],
    [{ $allElementsTrue: [[1n, dbl(0)]] }, false],
    [{ $setDifference: [[1, 2, 3], [2n]] }, [1, 3]],
    [{ $in: [1n, [1, 2]] }, true],
  ]);
});

describe('objects, variables and types', () => {
  check([
    [{ $getField: 'a.b' }, MISSING, { a: { b: 1 } }],
    [{ $getField: { $literal: '$x' } }, MISSING, { x: 1 }],
    [{ $getField: { field: 'x', input: { x: 5 } } }, 5],
    [{ $setField: { field: 'a.b', input: {}, value: 1 } }, { 'a.b': 1 }],
    [{ $unsetField: { field: 'a', input: { a: 1, b: 2 } } }, { b: 2 }],
    [{ $objectToArray: { a: 1 } }, [{ k: 'a', v: 1 }]],
    [{ $arrayToObject: [[['a', 1]]] }, { a: 1 }],
    [{ $bsonSize: { a: 1 } }, 12],
    [{ $binarySize: 'é' }, 2],
    [{ $let: { vars: { x: 2 }, in: { $multiply: ['$$x', 3] } } }, 6],
    [{ $type: '$none' }, 'missing'],
    [{ $eq: ['$none', null] }, false],
    [{ $ifNull: ['$none', '$also', 'x'] }, 'x'],
    [{ $cond: [dec('0'), 1, 2] }, 2],
    [{ $tsSecond: new Timestamp(7, 9) }, 7n],
    [{ $tsIncrement: new Timestamp(7, 9) }, 9n],
  ]);
});

describe('conversions', () => {
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  check([
    [{ $toInt: '-5' }, -5],
    [{ $toInt: 2.9 }, 2],
    [{ $toLong: dec('9007199254740993.9') }, 9007199254740993n],
    [{ $toDouble: '1e3' }, dbl(1000)],
    [{ $toDouble: '-Infinity' }, dbl(-Infinity)],
    [{ $toDecimal: 0.1 }, dec('0.100000000000000')],
    [{ $toDecimal: '0.1' }, dec('0.1')],
    [{ $toString: 2.5 }, '2.5'],
    [{ $toString: dbl(1) }, '1'],
    [{ $toBool: dbl(0) }, false],
    [{ $toBool: 'false' }, true],
    [{ $toDate: 0n }, date('1970-01-01')],
    [{ $toDate: new ObjectId(Uint8Array.from(Buffer.alloc(12))) }, date('1970-01-01')],
    [{ $convert: { input: 'x', to: 'int', onError: 'bad' } }, 'bad'],
    [{ $convert: { input: null, to: 'int', onNull: 0 } }, 0],
    [{ $convert: { input: '5', to: 16 } }, 5],
    [{ $toString: { $toUUID: uuid } }, uuid],
    [
      { $convert: { input: 'aGk=', to: { type: 'binData', subtype: 0 }, format: 'base64' } },
      new Binary(Uint8Array.from(Buffer.from('hi')), 0),
    ],
    [
      { $convert: { input: new Binary(Buffer.from('hi'), 0), to: 'string', format: 'hex' } },
      '6869',
    ],
  ]);
});

describe('dates', () => {
  const at = date('2024-02-29T13:45:30.120Z'); // a Thursday
  check([
    [{ $year: at }, 2024],
    [{ $week: at }, 8],
    [{ $isoWeek: at }, 9],
    [{ $isoWeekYear: at }, 2024n],
    [{ $dayOfYear: at }, 60],
    [{ $dayOfWeek: at }, 5],
    [{ $hour: { date: at, timezone: 'Asia/Tokyo' } }, 22],
    [{ $dateToString: { date: at } }, '2024-02-29T13:45:30.120Z'],
    [
      { $dateToString: { date: at, format: '%d %b %Y %H:%M %z', timezone: '+09:00' } },
      '29 Feb 2024 22:45 +0900',
    ],
    [{ $dateToString: { date: null, onNull: 'none' } }, 'none'],
    [{ $dateFromParts: { year: 2024, month: 14, day: 1 } }, date('2025-02-01')],
    [{ $dateFromParts: { isoWeekYear: 2024, isoWeek: 9, isoDayOfWeek: 4 } }, date('2024-02-29')],
    [{ $dateFromParts: { year: 2024, hour: 9, timezone: 'Asia/Tokyo' } }, date('2024-01-01')],
    [
      { $dateToParts: { date: at, iso8601: true } },
      {
        isoWeekYear: 2024,
        isoWeek: 9,
        isoDayOfWeek: 4,
        hour: 13,
        minute: 45,
        second: 30,
        millisecond: 120,
      },
    ],
    [
      { $dateFromString: { dateString: '29/02/2024 01:02', format: '%d/%m/%Y %H:%M' } },
      date('2024-02-29T01:02:00Z'),
    ],
    [{ $dateFromString: { dateString: '2024-02-29' } }, date('2024-02-29')],
    [{ $dateFromString: { dateString: 'nonsense', onError: 'bad' } }, 'bad'],
    [{ $dateAdd: { startDate: at, unit: 'year', amount: 1 } }, date('2025-02-28T13:45:30.120Z')],
    [
      { $dateSubtract: { startDate: at, unit: 'day', amount: 29 } },
      date('2024-01-31T13:45:30.120Z'),
    ],
    [{ $dateDiff: { startDate: at, endDate: date('2024-03-01'), unit: 'month' } }, 1n],
    [{ $dateDiff: { startDate: at, endDate: date('2024-03-03'), unit: 'week' } }, 1n],
    [{ $dateTrunc: { date: at, unit: 'month' } }, date('2024-02-01')],
    [{ $dateTrunc: { date: at, unit: 'quarter' } }, date('2024-01-01')],
    [{ $dateTrunc: { date: at, unit: 'week', startOfWeek: 'monday' } }, date('2024-02-26')],
    [{ $dateTrunc: { date: at, unit: 'hour', binSize: 6 } }, date('2024-02-29T12:00:00Z')],
    [{ $dateTrunc: { date: at, unit: 'month', binSize: 5 } }, date('2023-10-01')],
    [
      { $dateTrunc: { date: at, unit: 'day', timezone: 'Asia/Tokyo' } },
      date('2024-02-28T15:00:00Z'),
    ],
  ]);
});

describe('a wrong expression is refused', () => {
  test.each<[Literal, number]>([
    [{ $wat: 1 }, 168],
    [{ $add: 1, $subtract: 2 }, 15983],
    ['$', 16872],
    ['$a.', 40353],
    ['$a..b', 15998],
    ['$$nobody', 17276],
    [{ $abs: [1, 2] }, 16020],
    [{ $add: ['x'] }, 14],
    [{ $subtract: ['x', 1] }, 14],
    [{ $divide: [1, 0] }, 2],
    [{ $mod: [1, 0] }, 16610],
    [{ $abs: 'x' }, 28765],
    [{ $sqrt: -1 }, 28714],
    [{ $ln: 0 }, 28766],
    [{ $pow: [0, -1] }, 28764],
    [{ $exp: dec('1') }, 238],
    [{ $round: [1, 101] }, 51083],
    [{ $concat: [1] }, 16702],
    [{ $size: '$none' }, 17124],
    [{ $in: [1, 2] }, 40081],
    [{ $split: ['a', ''] }, 40087],
    [{ $substrBytes: ['é', 1, 1] }, 28656],
    [{ $toInt: 'x' }, 241],
    [{ $toDate: dbl(Number.NaN) }, 241],
    [{ $toDate: 9223372036854775807n }, 241],
    [{ $year: new UtcDate(9e15) }, 15],
    [{ $dateTrunc: { date: new UtcDate(0), unit: 'day', binSize: 2n ** 62n } }, 5439018],
    [{ $toString: new UtcDate(9e15) }, 241],
    [{ $add: [new UtcDate(0), dbl(Number.NaN)] }, 15],
    [{ $dateAdd: { startDate: new UtcDate(0), unit: 'year', amount: 9007199254740991n } }, 15],
    [{ $range: [3000000000n, 3000000001n] }, 34444],
    [{ $range: [0, 5, 0] }, 34449],
    [{ $toDate: 5 }, 241],
    [{ $switch: { branches: [] } }, 40068],
    [{ $bitAnd: [1, 1.5] }, 14],
    [{ $zip: { inputs: [[1]], defaults: [1] } }, 34466],
    [{ $dateToString: { date: new UtcDate(0), format: '%q' } }, 18536],
    [{ $regexMatch: { input: 1, regex: 'a' } }, 51104],
    [{ $function: {} }, 238],
  ])('%o with code %d', (expression, code) => {
    const run = (): unknown => compileExpression(v(expression), new Map())(d({}));
    expect(run).toThrow(expect.objectContaining({ code }) as Error);
  });
});

test.each<[Literal, Literal]>([
  [{ $eq: ['a', 'A'] }, true],
  [{ $cmp: ['b', 'A'] }, 1],
  [{ $in: ['X', ['x', 'y']] }, true],
  [{ $indexOfArray: [['x', 'y'], 'Y'] }, 1],
  [{ $setUnion: [['a'], ['A', 'b']] }, ['a', 'b']],
  [{ $setEquals: [['a'], ['A']] }, true],
  [{ $max: ['a', 'B'] }, 'B'],
  [{ $sortArray: { input: ['b', 'A'], sortBy: 1 } }, ['A', 'b']],
  [{ $minN: { n: 1, input: ['b', 'A'] } }, ['A']],
  [{ $filter: { input: ['a', 'B'], cond: { $eq: ['$$this', 'b'] } } }, ['B']],
])('under a collation without case %o is %o', (expression, expected) => {
  const collation = parseCollation(d({ locale: 'en', strength: 2 }));
  expect(compileExpression(v(expression), new Map(), collation)(d({}))).toEqual(v(expected));
});
