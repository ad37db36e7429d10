import { describe, expect, test } from 'vitest';
import { parseFilter } from '../query/parse.ts';
import { d, plain, v, type Literal } from '../testing/literal.ts';
import { Timestamp, typeName, UtcDate } from '../values/types.ts';
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
