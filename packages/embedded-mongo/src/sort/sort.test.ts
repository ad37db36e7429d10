import { expect, test } from 'vitest';
import { d, plain } from '../testing/literal.ts';
import { parseSort, sortKey, type SortSpec } from './sort.ts';
import { Sorter } from './sorter.ts';
import type { Doc } from '../values/types.ts';

function sorted(docs: readonly object[], spec: object, keep?: number): unknown[] {
  const fields = parseSort(d(spec)) as SortSpec;
  const sorter = new Sorter<Doc>(fields, keep);
  for (const doc of docs.map(d)) sorter.add(sortKey(fields, doc, null), doc, 10);
  return [...sorter.done()].filter((doc) => doc !== null).map(plain);
}

test('types sort in their order, and missing with null', () => {
  expect(sorted([{ a: 'x' }, { a: 2n }, {}, { a: true }, { a: 1 }, { a: {} }], { a: 1 })).toEqual([
    {},
    { a: 1 },
    { a: 2n },
    { a: 'x' },
    { a: {} },
    { a: true },
  ]);
});

test('an array counts by its smallest element upwards and by its largest downwards', () => {
  const docs = [{ a: [1, 9] }, { a: [5] }, { a: [] }];
  expect(sorted(docs, { a: 1 })).toEqual([{ a: [] }, { a: [1, 9] }, { a: [5] }]);
  expect(sorted(docs, { a: -1 })).toEqual([{ a: [1, 9] }, { a: [5] }, { a: [] }]);
});

test('fields below one array count together, element by element', () => {
  const one = {
    a: [
      { b: 1, c: 9 },
      { b: 5, c: 0 },
    ],
  };
  const two = { a: [{ b: 1, c: 2 }] };
  expect(sorted([one, two], { 'a.b': 1, 'a.c': 1 })).toEqual([two, one]);
});

test('an element without the field counts as null, and an empty array on the way as nothing', () => {
  const docs = [{ a: [1, { b: 5 }] }, { a: [] }, { a: { b: [] } }, { a: { b: 0 } }];
  expect(sorted(docs, { 'a.b': 1 })).toEqual([docs[2], docs[0], docs[1], docs[3]]);
});

test('a sort by two arrays is refused with code 2', () => {
  expect(() => sorted([{ a: [1], b: [2] }], { a: 1, b: 1 })).toThrow(
    expect.objectContaining({ code: 2 }) as Error,
  );
});

test('an array of nothing but null is null, an empty one comes before it', () => {
  const docs = [{ a: null }, { a: [null] }, { a: [] }, { a: [[]] }];
  expect(sorted(docs, { a: 1 })).toEqual([{ a: [] }, { a: null }, { a: [null] }, { a: [[]] }]);
});

test('a bounded sort keeps the same first documents', () => {
  const docs = Array.from({ length: 5000 }, (_, i) => ({ n: (i * 7919) % 5000 }));
  expect(sorted(docs, { n: 1 }, 3)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
});

test('a long sort equals a plain sort, keeps equal keys in order, and pauses on its way', () => {
  const docs = Array.from({ length: 3000 }, (_, i) => ({ k: (i * 31) % 7, i }));
  const expected = docs.toSorted((a, b) => a.k - b.k || a.i - b.i);
  expect(sorted(docs, { k: 1 })).toEqual(expected);
  expect(sorted(docs, { k: 1 }, 1000)).toEqual(expected.slice(0, 1000));
  const fields = parseSort(d({ k: 1 })) as SortSpec;
  const sorter = new Sorter<Doc>(fields);
  for (const doc of docs.map(d)) sorter.add(sortKey(fields, doc, null), doc, 10);
  expect([...sorter.done()].filter((doc) => doc === null).length).toBeGreaterThan(20);
});

test('a sort above 100 MiB is refused with code 292', () => {
  const fields = parseSort(d({ a: 1 })) as SortSpec;
  const sorter = new Sorter<null>(fields);
  sorter.add([1], null, 60 * 1024 * 1024);
  expect(() => sorter.add([2], null, 60 * 1024 * 1024)).toThrow(
    expect.objectContaining({ code: 292 }) as Error,
  );
});
