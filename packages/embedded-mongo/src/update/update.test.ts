import { describe, expect, test } from 'vitest';
import { parseFilter } from '../query/parse.ts';
import { d, plain, v, type Literal } from '../testing/literal.ts';
import { Regex, Timestamp, typeName, UtcDate } from '../values/types.ts';
import { parseCollation } from '../query/text-fold.ts';
import { compileUpdate } from './update.ts';
import { upsertBase } from './upsert.ts';

interface Row {
  readonly filter?: object;
  readonly arrayFilters?: readonly object[];
}

function run(doc: object, update: Literal, more: Row = {}): unknown {
  const compiled = compileUpdate(v(update), {
    filter: parseFilter(d(more.filter ?? {})),
    arrayFilters: (more.arrayFilters ?? []).map(d),
    variables: new Map(),
    clock: { nowMs: 5, clusterTime: new Timestamp(1, 1) },
  });
  return plain(compiled.apply(d(doc), 'update'));
}

describe('an update makes', () => {
  test.each<[object, Literal, object, Row?]>([
    [{ a: 1 }, { $inc: { a: 2n, 'b.c': 1 } }, { a: 3n, b: { c: 1 } }],
    [{ a: 3 }, { $mul: { a: 2, z: 5 } }, { a: 6, z: 0 }],
    [{ a: 3 }, { $min: { a: 2 }, $max: { b: 9 } }, { a: 2, b: 9 }],
    [
      { a: 1, b: 2 },
      { $unset: { a: '' }, $set: { c: 3 } },
      { b: 2, c: 3 },
    ],
    [{ a: { b: 1 } }, { $rename: { 'a.b': 'c' } }, { a: {}, c: 1 }],
    [
      { a: [1, 2, 3] },
      { $push: { a: { $each: [9, 8], $position: 1, $slice: 4 } } },
      { a: [1, 9, 8, 2] },
    ],
    [
      { a: [{ n: 3 }] },
      { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 } } } },
      { a: [{ n: 1 }, { n: 3 }] },
    ],
    [{ a: [1, 2] }, { $addToSet: { a: { $each: [2n, 3] } } }, { a: [1, 2, 3] }],
    [{ a: [1, 2, 3] }, { $pull: { a: { $gte: 2 } } }, { a: [1] }],
    [{ a: [{ b: 1, c: 1 }, { b: 2 }] }, { $pull: { a: { b: 1 } } }, { a: [{ b: 2 }] }],
    [{ a: [1, 2, 1] }, { $pullAll: { a: [1] } }, { a: [2] }],
    [{ a: [1, 2] }, { $pop: { a: -1 } }, { a: [2] }],
    [{ a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
    [{ a: [1, 2] }, { $unset: { 'a.0': 1 } }, { a: [null, 2] }],
    [{ a: 5 }, { $bit: { a: { and: 4 } } }, { a: 4 }],
    [{}, { $currentDate: { at: true } }, { at: new UtcDate(5) }],
    [
      { a: [{ x: 1 }, { x: 2 }] },
      { $set: { 'a.$.y': 1 } },
      { a: [{ x: 1 }, { x: 2, y: 1 }] },
      { filter: { 'a.x': 2 } },
    ],
    [{ a: [{ x: 1 }, { x: 2 }] }, { $inc: { 'a.$[].x': 1 } }, { a: [{ x: 2 }, { x: 3 }] }],
    [
      { a: [{ x: 1 }, { x: 5 }] },
      { $set: { 'a.$[e].x': 0 } },
      { a: [{ x: 1 }, { x: 0 }] },
      { arrayFilters: [{ 'e.x': { $gt: 2 } }] },
    ],
    [{ _id: 7, a: 1 }, { b: 2 }, { _id: 7, b: 2 }],
    [{ _id: 7, a: 1 }, [{ $set: { b: { $add: ['$a', 1] } } }, { $unset: 'a' }], { _id: 7, b: 2 }],
    [{ a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1 }],
    [{ a: 1 }, { $set: {} }, { a: 1 }],
    [{ a: { b: 1 } }, { $set: { 'a.c.d': 2 } }, { a: { b: 1, c: { d: 2 } } }],
    [{ a: [1, 2, 3, 4] }, { $push: { a: { $each: [], $slice: -2 } } }, { a: [3, 4] }],
    [{ a: [3, 1] }, { $push: { a: { $each: [2], $sort: -1 } } }, { a: [3, 2, 1] }],
    [{ a: [1, 2] }, { $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 9, 2] }],
    [{ a: [1, 2] }, { $push: { a: { $each: [9], $position: 99 } } }, { a: [1, 2, 9] }],
    [{ a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
    [{}, { $push: { 'a.b': 1 } }, { a: { b: [1] } }],
    [{ a: [{ b: 1 }] }, { $addToSet: { a: { b: 1n } } }, { a: [{ b: 1 }] }],
    [{ a: ['x', 'yx'] }, { $pull: { a: new Regex('^x') } }, { a: ['yx'] }],
    [{ a: [1, 2, 3] }, { $pull: { a: { $in: [1, 3] } } }, { a: [2] }],
    [{ a: [[1, 5], 9, 1] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
    [{ a: [{ b: [{ c: 1 }] }] }, { $pull: { a: { b: { $elemMatch: { c: 1 } } } } }, { a: [] }],
    [{ a: [[1], [2]] }, { $pull: { a: [1] } }, { a: [[2]] }],
    [{ b: 1 }, { $pull: { a: 1 } }, { b: 1 }],
    [{ a: 1 }, { $rename: { b: 'c' } }, { a: 1 }],
    [{ a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
    [{ a: 1 }, { $rename: { a: 'x.y' } }, { x: { y: 1 } }],
    [{ a: 1 }, { $unset: { 'a.b': 1, 'c.d': 1 } }, { a: 1 }],
    [{}, { $currentDate: { at: false } }, { at: new UtcDate(5) }],
    [{}, { $currentDate: { at: { $type: 'timestamp' } } }, { at: new Timestamp(1, 1) }],
    [{}, { $bit: { a: { or: 5 } } }, { a: 5 }],
    [{ a: 13 }, { $bit: { a: { and: 10, or: 1 } } }, { a: 9 }],
    [
      { a: [{ b: [1, 2] }, { b: [3] }] },
      { $inc: { 'a.$[].b.$[]': 10 } },
      { a: [{ b: [11, 12] }, { b: [13] }] },
    ],
    [
      {
        a: [
          { k: 1, b: [1, 9] },
          { k: 2, b: [9] },
        ],
      },
      { $set: { 'a.$[x].b.$[y]': 0 } },
      {
        a: [
          { k: 1, b: [1, 0] },
          { k: 2, b: [9] },
        ],
      },
      { arrayFilters: [{ 'x.k': 1 }, { y: { $gt: 5 } }] },
    ],
    [
      { a: [1, 5, 9] },
      { $set: { 'a.$[e]': 0 } },
      { a: [0, 5, 0] },
      { arrayFilters: [{ $or: [{ e: { $lt: 2 } }, { e: { $gt: 8 } }] }] },
    ],
    [
      { a: [1, 2], b: [7, 8] },
      { $set: { 'b.$': 0 } },
      { a: [1, 2], b: [7, 0] },
      { filter: { a: 2 } },
    ],
    [
      {
        a: [
          { b: 1, c: [5] },
          { b: 2, c: [6] },
        ],
      },
      { $push: { 'a.$.c': 7 } },
      {
        a: [
          { b: 1, c: [5] },
          { b: 2, c: [6, 7] },
        ],
      },
      { filter: { a: { $elemMatch: { b: 2 } } } },
    ],
    [{ a: [{}, {}] }, { $set: { 'a.$[].x': 1, 'a.0.y': 2 } }, { a: [{ x: 1, y: 2 }, { x: 1 }] }],
    [{ _id: 1, a: 1 }, [{ $replaceWith: { b: '$a' } }], { _id: 1, b: 1 }],
    [
      { _id: 1, a: [1, 2] },
      [{ $set: { n: { $size: '$a' } } }, { $project: { n: 1 } }],
      { _id: 1, n: 2 },
    ],
    [{}, { $set: { b: 1, a: 1 } }, { a: 1, b: 1 }],
  ])('of %o with %o', (doc, update, expected, more) =>
    expect(run(doc, update, more)).toEqual(expected),
  );
});

test.each<[object, Literal, number, Row?]>([
  [{ a: 'x' }, { $inc: { a: 1 } }, 14],
  [{ a: 1 }, { $inc: { a: 'x' } }, 14],
  [{ a: 9223372036854775807n }, { $inc: { a: 1 } }, 2],
  [{ a: 1 }, { $push: { a: 1 } }, 2],
  [{ a: 1 }, { $set: { 'a.b': 1 } }, 28],
  [{}, { $set: { a: 1, 'a.b': 2 } }, 40],
  [{}, { $set: { a: 1 }, $inc: { a: 2 } }, 40],
  [{}, { $wat: { a: 1 } }, 9],
  [{}, { $set: { a: 1 }, b: 2 }, 9],
  [{ a: [1] }, { $set: { 'a.$': 1 } }, 2],
  [{ a: [1] }, { $set: { 'a.$[e]': 1 } }, 2],
  [{}, { $set: { a: 1 } }, 9, { arrayFilters: [{ e: 1 }] }],
  [{}, [{ $match: {} }], 72],
  [{}, { $set: { '': 1 } }, 56],
  [{}, { $set: { 'a.': 1 } }, 56],
  [{}, { $set: { $x: 1 } }, 52],
  [{}, { a: 1, $set: { b: 1 } }, 52],
  [{}, [{ $wat: {} }], 40324],
  [{}, { $inc: 5 }, 9],
  [{ a: 1 }, { $pull: { a: 1 } }, 2],
  [{ a: 1 }, { $pullAll: { a: [1] } }, 2],
  [{}, { $pullAll: { a: 1 } }, 2],
  [{ a: 1 }, { $pop: { a: 1 } }, 14],
  [{ a: [1] }, { $pop: { a: 2 } }, 9],
  [{ a: 1 }, { $addToSet: { a: 1 } }, 2],
  [{}, { $addToSet: { a: { $each: 5 } } }, 14],
  [{}, { $addToSet: { a: { $each: [5], b: 1 } } }, 2],
  [{}, { $push: { a: { $each: [1], $slice: 1.5 } } }, 2],
  [{}, { $push: { a: { $each: [1], $wat: 1 } } }, 2],
  [{}, { $push: { a: { $each: [1], $sort: 2 } } }, 2],
  [{ a: 1.5 }, { $bit: { a: { and: 1 } } }, 2],
  [{}, { $bit: { a: { not: 1 } } }, 2],
  [{}, { $bit: { a: {} } }, 2],
  [{}, { $currentDate: { a: 'date' } }, 2],
  [{}, { $currentDate: { a: { $type: 'wat' } } }, 2],
  [{ a: [1] }, { $rename: { 'a.0': 'b' } }, 2],
  [{ a: 1, b: [1] }, { $rename: { a: 'b.0' } }, 2],
  [{}, { $rename: { 'a.$': 'b' } }, 2],
  [{}, { $rename: { a: 'a' } }, 2],
  [{ a: 5 }, { $set: { 'a.$[]': 1 } }, 2],
  [{}, { $set: { 'a.$[]': 1 } }, 2],
  [{ a: [1] }, { $set: { 'a.x': 1 } }, 28],
  [{ a: null }, { $set: { 'a.x': 1 } }, 28],
  [{ a: [1] }, { $set: { 'a.$': 1 } }, 2, { filter: { a: { $ne: 5 } } }],
  [{}, { $set: { 'a.$[e]': 1 } }, 9, { arrayFilters: [{ e: 1 }, { e: 2 }] }],
  [{}, { $set: { 'a.$[e]': 1 } }, 9, { arrayFilters: [{ e: 1, f: 2 }] }],
  [{ a: [{}] }, { $set: { 'a.$[].x': 1, 'a.0.x': 2 } }, 40],
  [{ a: [1, 2] }, { $set: { 'a.$': 1 }, $inc: { 'a.1': 2 } }, 40, { filter: { a: 2 } }],
  [{}, { $set: { 'a.$[E]': 1 } }, 2, { arrayFilters: [{ E: 1 }] }],
])('of %o, %o is refused with code %d', (doc, update, code, more) => {
  expect(() => run(doc, update, more)).toThrow(expect.objectContaining({ code }) as Error);
});

test('numbers keep their type through an update that does not touch them', () => {
  const doc = d({ a: 1n, b: 1.5 });
  const compiled = compileUpdate(d({ $set: { c: 1 } }), {
    filter: parseFilter(d({})),
    arrayFilters: [],
    variables: new Map(),
    clock: { nowMs: 0, clusterTime: new Timestamp(1, 1) },
  });
  expect([...compiled.apply(doc, 'update').values()].map(typeName)).toEqual([
    'long',
    'double',
    'int',
  ]);
});

test('field names that mean something to JavaScript are ordinary names', () => {
  const doc = run({}, { $set: { ['__proto__.x']: 1, ['constructor.prototype.y']: 2 } });
  expect(Object.keys(doc as object)).toContain('constructor');
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  expect(({} as Record<string, unknown>)['y']).toBeUndefined();
});

test('an upsert starts from what the filter says the fields are equal to', () => {
  const base = (filter: object): unknown => plain(upsertBase(parseFilter(d(filter)), false));
  expect(base({ a: 1, 'b.c': { $eq: 2 }, e: { $gt: 1 }, $and: [{ f: { $in: [3] } }] })).toEqual({
    a: 1,
    b: { c: 2 },
    f: 3,
  });
});

test('an upsert takes a value from $all of one, and none from a regular expression', () => {
  const base = (filter: object): unknown => plain(upsertBase(parseFilter(d(filter)), false));
  expect(base({ a: { $all: [1] }, b: { $in: [new Regex('x')] }, c: { $ne: 1 } })).toEqual({ a: 1 });
  expect(base({ $or: [{ a: 1 }] })).toEqual({ a: 1 });
  expect(base({ a: { $all: [null] } })).toEqual({ a: null });
});

test.each([{ $and: [{ a: 1 }, { a: 2 }] }, { a: {}, 'a.b': 1 }])(
  'an upsert with %o is refused with code 54',
  (filter) => {
    expect(() => upsertBase(parseFilter(d(filter)), false)).toThrow(
      expect.objectContaining({ code: 54 }) as Error,
    );
  },
);

test('array operators compare text under the collation of the update', () => {
  const collation = parseCollation(d({ locale: 'en', strength: 2 }));
  const compiled = compileUpdate(
    d({ $addToSet: { a: 'X' }, $pull: { b: 'y' }, $max: { c: 'B' } }),
    {
      filter: parseFilter(d({}), { collation }),
      arrayFilters: [],
      variables: new Map(),
      clock: { nowMs: 0, clusterTime: new Timestamp(1, 1) },
    },
  );
  expect(plain(compiled.apply(d({ a: ['x'], b: ['Y', 'z'], c: 'a' }), 'update'))).toEqual({
    a: ['x'],
    b: ['z'],
    c: 'B',
  });
});
