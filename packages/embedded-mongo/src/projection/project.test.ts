import { describe, expect, test } from 'vitest';
import { parseFilter } from '../query/parse.ts';
import { d, plain } from '../testing/literal.ts';
import { compileProjection } from './project.ts';

interface Row {
  readonly filter?: object;
  readonly kind?: 'find' | 'aggregate';
}

function run(spec: object, doc: object, { filter = {}, kind = 'find' }: Row = {}): unknown {
  const options = { kind, collation: null, variables: new Map(), filter: parseFilter(d(filter)) };
  return plain(compileProjection(d(spec), options).apply(d(doc)));
}

const DOC = { _id: 1, a: 5, b: { c: 1, d: 2 }, l: [{ x: 1, y: 2 }, 7, [{ x: 3, y: 4 }]] };

describe('a projection shows', () => {
  test.each<[object, object, Row?]>([
    [{ a: 1 }, { _id: 1, a: 5 }],
    [{ a: 1, _id: 0 }, { a: 5 }],
    [{ _id: 0 }, { a: 5, b: { c: 1, d: 2 }, l: DOC.l }],
    [{ _id: 1 }, { _id: 1 }],
    [
      { _id: 1, l: 0, b: 0 },
      { _id: 1, a: 5 },
    ],
    [{ 'b.c': 1 }, { _id: 1, b: { c: 1 } }],
    [{ b: { d: true } }, { _id: 1, b: { d: 2 } }],
    [
      { l: 0, 'b.c': 0 },
      { _id: 1, a: 5, b: { d: 2 } },
    ],
    [{ 'l.x': 1, _id: 0 }, { l: [{ x: 1 }, [{ x: 3 }]] }],
    [{ 'a.z': 1 }, { _id: 1 }],
    [
      { l: { $slice: 1 }, a: 1 },
      { _id: 1, a: 5, l: [{ x: 1, y: 2 }] },
    ],
    [
      { l: { $slice: [1, 1] }, b: 0 },
      { _id: 1, a: 5, l: [7] },
    ],
    [
      { l: { $slice: -1 }, _id: 0, a: 1 },
      { a: 5, l: [[{ x: 3, y: 4 }]] },
    ],
    [{ l: { $elemMatch: { x: 1 } } }, { _id: 1, l: [{ x: 1, y: 2 }] }],
    [{ l: { $elemMatch: { x: 9 } } }, { _id: 1 }],
    [{ 'l.$': 1 }, { _id: 1, l: [7] }, { filter: { l: 7 } }],
    [{ sum: { $add: ['$a', '$b.c'] } }, { _id: 1, sum: 6 }],
    [
      { text: 'plain', copy: '$a' },
      { _id: 1, text: 'plain', copy: 5 },
    ],
    [{ both: ['$a', 1] }, { _id: 1, both: [5, 1] }],
    [{ 'b.e': '$a' }, { _id: 1, b: { e: 5 } }],
    [
      { 'b.c': 1, 'b.e': '$a' },
      { _id: 1, b: { c: 1, e: 5 } },
    ],
    [{ _id: '$a', b: 1 }, { _id: 5, b: { c: 1, d: 2 } }, { kind: 'aggregate' }],
    [{ _id: 0, first: { $slice: ['$l', 1] } }, { first: [{ x: 1, y: 2 }] }, { kind: 'aggregate' }],
  ])('%o as %o', (spec, expected, more) => expect(run(spec, DOC, more)).toEqual(expected));

  test('a field computed inside of every document of an array', () => {
    const doc = { _id: 1, l: [{ x: 1 }, { x: 2 }], n: 5 };
    expect(run({ 'l.y': '$n' }, doc)).toEqual({ _id: 1, l: [{ y: 5 }, { y: 5 }] });
    expect(run({ 'l.x': 1, 'l.y': '$n' }, doc)).toEqual({
      _id: 1,
      l: [
        { x: 1, y: 5 },
        { x: 2, y: 5 },
      ],
    });
  });

  test('a part of _id without the whole', () => {
    expect(run({ '_id.a': 1 }, { _id: { a: 1, b: 2 }, c: 3 })).toEqual({ _id: { a: 1 } });
  });

  test('a slice inside of the documents of an array', () => {
    expect(run({ 'l.m': { $slice: 1 } }, { _id: 1, l: [{ m: [1, 2] }] })).toEqual({
      _id: 1,
      l: [{ m: [1] }],
    });
  });
});

test.each<[object, number, Row?]>([
  [{ a: 1, b: 0 }, 31254],
  [{ a: 0, b: 1 }, 31253],
  [{ a: 0, b: '$a' }, 31252],
  [{ a: '$b', b: 0 }, 31254],
  [{ b: 1, 'b.c': 1 }, 31250],
  [{ 'b.c': 1, b: 1 }, 31249],
  [{ a: {} }, 51270],
  [{ '': 1 }, 40352],
  [{ 'a.': 1 }, 40353],
  [{ 'a..b': 1 }, 15998],
  [{ $a: 1 }, 16410],
  [{ a: { $wat: 1 } }, 168],
  [{ l: { $elemMatch: 5 } }, 31274],
  [{ 'b.l': { $elemMatch: { x: 1 } } }, 31275],
  [{ a: 0, l: { $elemMatch: { x: 1 } } }, 31256],
  [{ 'l.$': 0 }, 31395],
  [{ 'l.$': 1, 'm.$': 1 }, 31276],
  [{ 'l.$': 1 }, 51246, { filter: { a: 5 } }],
  [{ l: { $slice: [1, 0] } }, 28724],
  [{ l: { $slice: 1, x: 1 } }, 15983],
  [{ a: { $meta: 'textScore' } }, 238],
])('%o is refused with code %d', (spec, code, more) => {
  expect(() => run(spec, DOC, more)).toThrow(expect.objectContaining({ code }) as Error);
});
