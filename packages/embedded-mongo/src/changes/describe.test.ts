import { expect, test } from 'vitest';
import { decode } from '../values/decode.ts';
import { encode, type Plain } from '../values/encode.ts';
import type { Doc, Value } from '../values/types.ts';
import { describeUpdate } from './describe.ts';

const plain = (v: Value | undefined): unknown =>
  v instanceof Map
    ? Object.fromEntries([...v].map(([name, value]) => [name, plain(value)]))
    : Array.isArray(v)
      ? v.map(plain)
      : v;
const doc = (source: Plain): Doc => decode(encode(source));
const described = (before: Plain, after: Plain): unknown =>
  plain(describeUpdate(doc(before), doc(after)));
const NONE = { updatedFields: {}, removedFields: [], truncatedArrays: [] };

test('fields are told by their paths, and arrays that became shorter by their new size', () => {
  expect(
    described({ a: { b: 1, c: 1 }, d: 1, e: [1, 2, 3] }, { a: { b: 2, c: 1 }, e: [1, 2] }),
  ).toEqual({
    updatedFields: { 'a.b': 2 },
    removedFields: ['d'],
    truncatedArrays: [{ field: 'e', newSize: 2 }],
  });
});

test('a path with a number for a name is told in parts, places in arrays as numbers', () => {
  expect(described({ a: { '1': 1 } }, { a: { '1': 2 } })).toEqual({
    ...NONE,
    updatedFields: { 'a.1': 2 },
    disambiguatedPaths: { 'a.1': ['a', '1'] },
  });
  expect(described({ a: [{ '7': 1 }] }, { a: [{}] })).toEqual({
    ...NONE,
    removedFields: ['a.0.7'],
    disambiguatedPaths: { 'a.0.7': ['a', 0, '7'] },
  });
  expect(described({ 'a.b': 1 }, { 'a.b': 2 })).toEqual({
    ...NONE,
    updatedFields: { 'a.b': 2 },
    disambiguatedPaths: { 'a.b': ['a.b'] },
  });
});

test('a place in an array alone leaves no doubt', () => {
  expect(described({ a: [{ b: 1 }, 5] }, { a: [{ b: 2 }, 5] })).toEqual({
    ...NONE,
    updatedFields: { 'a.0.b': 2 },
  });
});
