import { describe, expect, test } from 'vitest';
import { d } from '../testing/literal.ts';
import { decimalFromString } from '../values/decimal.ts';
import { type Decimal128, MIN_KEY, Regex } from '../values/types.ts';
import { parseFilter } from './parse.ts';

const matches = (filter: object, doc: object): boolean => parseFilter(d(filter)).test(d(doc));
const one = decimalFromString('1.00') as Decimal128;

describe('a filter matches', () => {
  test.each<[object, object]>([
    [{ a: 1 }, { a: 1n }],
    [{ a: one }, { a: 1 }],
    [{ a: 1 }, { a: [2, 1] }],
    [{ a: [1, 2] }, { a: [[1, 2]] }],
    [{ 'a.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }],
    [{ 'a.1': 5 }, { a: [4, 5] }],
    [{ 'a.0.b': 5 }, { a: [{ b: 5 }] }],
    [{ a: null }, {}],
    [{ a: null }, { a: [null] }],
    [{ 'a.b': null }, { a: [{ b: 1 }, {}] }],
    [{ a: { $gte: null } }, {}],
    [{ a: { $ne: 1 } }, { a: [2, 3] }],
    [{ a: { $nin: [1] } }, {}],
    [{ a: { $gt: MIN_KEY } }, { a: 'x' }],
    [{ a: { $in: [new Regex('^x')] } }, { a: 'xy' }],
    [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [0, 2, 5] }],
    [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1, c: 2 }] }],
    [{ a: { $all: [1, 2] } }, { a: [2, 1, 0] }],
    [{ a: { $size: 2 } }, { a: [1, 2] }],
    [{ a: { $exists: false } }, { b: 1 }],
    [{ a: { $type: 'long' } }, { a: 5n }],
    [{ a: { $type: ['string', 'number'] } }, { a: 5 }],
    [{ a: { $mod: [4, 0] } }, { a: 8n }],
    [{ a: { $not: { $gt: 5 } } }, {}],
    [{ a: { $regex: 'B', $options: 'i' } }, { a: 'abc' }],
    [{ $or: [{ a: 1 }, { b: 2 }] }, { b: 2 }],
    [{ $nor: [{ a: 1 }] }, { a: 2 }],
    [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2n, b: 1 }],
    [{ a: { $bitsAllSet: 5 } }, { a: 7 }],
    [{ a: { x: 1, y: 2 } }, { a: { x: 1, y: 2 } }],
    [
      { $jsonSchema: { required: ['a'], properties: { a: { bsonType: 'long', minimum: 1n } } } },
      { a: 3n },
    ],
  ])('%o in %o', (filter, doc) => expect(matches(filter, doc)).toBe(true));
});

describe('a filter does not match', () => {
  test.each<[object, object]>([
    [{ a: 1 }, { a: '1' }],
    [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }],
    [{ 'a.b': null }, { a: [1, 2] }],
    [{ a: { $gt: 1 } }, { a: '2' }],
    [{ a: { $ne: 1 } }, { a: [1, 2] }],
    [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { c: 2 }] }],
    [{ a: { $exists: true } }, {}],
    [{ a: { $size: 1 } }, { a: [1, 2] }],
    [{ a: { $type: 'array' } }, { a: 1 }],
    [{ a: { $lt: 5 } }, {}],
    [{ $expr: { $eq: ['$a', null] } }, {}],
    [{ a: 9007199254740993n }, { a: 9007199254740992n }],
    [{ $jsonSchema: { additionalProperties: false, properties: { a: {} } } }, { a: 1, b: 2 }],
    [{ $jsonSchema: { properties: { a: { pattern: '^x', maxLength: 3 } } } }, { a: 'xlong' }],
  ])('%o in %o', (filter, doc) => expect(matches(filter, doc)).toBe(false));
});

test.each<[object, number]>([
  [{ a: { $near: [1, 2] } }, 238],
  [{ $where: 'true' }, 238],
  [{ a: { $wat: 1 } }, 2],
  [{ $wat: [] }, 2],
  [{ a: { $in: 5 } }, 2],
  [{ $and: [] }, 2],
  [{ a: { $regex: '(' } }, 51091],
  [{ $expr: { $wat: 1 } }, 168],
])('the filter %o is refused with code %d', (filter, code) => {
  expect(() => parseFilter(d(filter))).toThrow(expect.objectContaining({ code }) as Error);
});

test('a pattern that would run away is stopped instead of stalling the process', () => {
  const from = performance.now();
  const run = (): boolean => matches({ a: { $regex: '^(a+)+$' } }, { a: `${'a'.repeat(40)}!` });
  expect(run).toThrow(expect.objectContaining({ code: 51091 }) as Error);
  expect(performance.now() - from).toBeLessThan(2000);
});
