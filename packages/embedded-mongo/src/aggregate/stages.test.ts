import { describe, expect, test } from 'vitest';
import { d, plain, v, type Literal } from '../testing/literal.ts';
import { parseCollation } from '../query/text-fold.ts';
import { LATEST } from '../transactions/view.ts';
import { decimalFromString } from '../values/decimal.ts';
import { Double, UtcDate, type Decimal128, type Doc, type Value } from '../values/types.ts';
import { compilePipeline } from './pipeline.ts';

const dec = (text: string): Decimal128 => decimalFromString(text) as Decimal128;
const dbl = (n: number): Double => new Double(n);

function run(stages: Literal, docs: readonly object[], collation: object = {}): Value[] {
  const stage = compilePipeline(v(stages) as Value[], {
    variables: new Map(),
    collation: parseCollation(d(collation)),
    view: LATEST,
    collection: () => undefined,
  });
  return [...stage(docs.map(d))].filter((doc): doc is Doc => doc !== null);
}

const SALES = [
  { k: 'a', n: 1, t: 'x' },
  { k: 'b', n: 5n, t: 'y' },
  { k: 'a', n: 2.5, t: 'z' },
  { k: 'b', t: null },
];
const each = (field: object): unknown =>
  run([{ $group: { _id: '$k', v: field } }, { $sort: { _id: 1 } }], SALES).map((doc) =>
    (doc as Doc).get('v'),
  );

describe('$group gathers', () => {
  test.each<[object, Literal]>([
    [{ $sum: '$n' }, [3.5, 5n]],
    [{ $sum: 1 }, [2, 2]],
    [{ $count: {} }, [2, 2]],
    [{ $avg: '$n' }, [1.75, dbl(5)]],
    [{ $min: '$n' }, [1, 5n]],
    [{ $max: '$n' }, [2.5, 5n]],
    [{ $first: '$n' }, [1, 5n]],
    [{ $last: '$n' }, [2.5, null]],
    [{ $push: '$n' }, [[1, 2.5], [5n]]],
    [{ $addToSet: '$k' }, [['a'], ['b']]],
    [{ $mergeObjects: { $cond: [{ $eq: ['$k', 'a'] }, { n: '$n' }, null] } }, [{ n: 2.5 }, {}]],
    [{ $stdDevPop: '$n' }, [0.75, dbl(0)]],
    [{ $stdDevSamp: '$n' }, [Math.sqrt(1.125), null]],
    [{ $firstN: { input: '$t', n: 1 } }, [['x'], ['y']]],
    [
      { $lastN: { input: '$t', n: 2 } },
      [
        ['x', 'z'],
        ['y', null],
      ],
    ],
    [{ $minN: { input: '$n', n: 3 } }, [[1, 2.5], [5n]]],
    [{ $maxN: { input: '$n', n: 1 } }, [[2.5], [5n]]],
    [{ $top: { sortBy: { n: -1 }, output: '$t' } }, ['z', 'y']],
    [{ $bottom: { sortBy: { n: -1 }, output: '$t' } }, ['x', null]],
    [
      { $topN: { n: 2, sortBy: { t: -1 }, output: ['$t'] } },
      [
        [['z'], ['x']],
        [['y'], [null]],
      ],
    ],
    [{ $bottomN: { n: 1, sortBy: { n: 1 }, output: '$n' } }, [[2.5], [5n]]],
    [{ $median: { input: '$n', method: 'approximate' } }, [dbl(1), dbl(5)]],
  ])('%o as %o', (field, expected) => expect(each(field)).toEqual(v(expected)));

  test('a sum of decimals to the last digit, and of doubles without the error of each step', () => {
    const total = (docs: object[]): Value | undefined =>
      (run([{ $group: { _id: null, v: { $sum: '$n' } } }], docs)[0] as Doc).get('v');
    expect(total([{ n: dec('0.1') }, { n: dec('0.2') }, { n: 1n }])).toEqual(dec('1.3'));
    expect(total(Array.from({ length: 10 }, () => ({ n: 0.1 })))).toEqual(dbl(1));
  });

  test('text that a collation holds for one into one group', () => {
    const docs = [{ k: 'a' }, { k: 'A' }, { k: 'b' }];
    const stages = [{ $group: { _id: '$k', n: { $sum: 1 } } }];
    expect(run(stages, docs, { locale: 'en', strength: 2 }).map(plain)).toEqual([
      { _id: 'a', n: 2 },
      { _id: 'b', n: 1 },
    ]);
  });
});

describe('a pipeline makes', () => {
  const nine = Array.from({ length: 9 }, (_, i) => ({ n: i < 3 ? 0 : i }));
  test.each<[Literal, readonly object[], Literal]>([
    [
      [{ $bucketAuto: { groupBy: '$n', buckets: 3 } }],
      nine,
      [
        { _id: { min: 0, max: 3 }, count: 3 },
        { _id: { min: 3, max: 6 }, count: 3 },
        { _id: { min: 6, max: 8 }, count: 3 },
      ],
    ],
    [
      [{ $bucketAuto: { groupBy: '$n', buckets: 9, output: { all: { $push: '$n' } } } }],
      [{ n: 1 }, { n: 1 }, { n: 2 }],
      [
        { _id: { min: 1, max: 2 }, all: [1, 1] },
        { _id: { min: 2, max: 2 }, all: [2] },
      ],
    ],
    [
      [{ $bucket: { groupBy: '$n', boundaries: [0, 5, 9], default: 'rest' } }],
      [{ n: 1 }, { n: 5 }, { n: 8.5 }, { n: 9 }, {}],
      [
        { _id: 0, count: 1 },
        { _id: 5, count: 2 },
        { _id: 'rest', count: 2 },
      ],
    ],
    [
      [{ $redact: { $cond: [{ $eq: ['$secret', true] }, '$$PRUNE', '$$DESCEND'] } }],
      [{ a: { secret: true }, l: [{ x: 1 }, { secret: true }, 5] }, { secret: true }],
      [{ l: [{ x: 1 }, 5] }],
    ],
    [
      [{ $redact: { $cond: [{ $eq: ['$level', '$$ROOT.level'] }, '$$DESCEND', '$$PRUNE'] } }],
      [{ level: 1, a: { level: 1, b: 2 }, c: { level: 2 } }],
      [{ level: 1, a: { level: 1, b: 2 } }],
    ],
    [
      [{ $unwind: { path: '$l', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true } }],
      [{ l: [7, 8] }, { l: [] }, { l: null }, { l: 5 }, {}],
      [
        { l: 7, i: 0n },
        { l: 8, i: 1n },
        { i: null },
        { l: null, i: null },
        { l: 5, i: null },
        { i: null },
      ],
    ],
    [[{ $unwind: '$l' }], [{ l: [] }, { l: null }, {}, { l: [1] }], [{ l: 1 }]],
    [
      [{ $densify: { field: 'n', range: { step: 2, bounds: 'full' } } }],
      [{ n: 5 }, { n: 1 }, { x: 1 }, { n: 4 }],
      [{ x: 1 }, { n: 1 }, { n: 3 }, { n: 4 }, { n: 5 }],
    ],
    [
      [{ $densify: { field: 'n', partitionByFields: ['k'], range: { step: 1, bounds: [0, 2] } } }],
      [
        { k: 'a', n: 0 },
        { k: 'b', n: 7 },
      ],
      [
        { k: 'a', n: 0 },
        { k: 'a', n: 1 },
        { k: 'b', n: 0 },
        { k: 'b', n: 1 },
        { k: 'b', n: 7 },
      ],
    ],
    [
      [{ $densify: { field: 'at', range: { step: 1, unit: 'month', bounds: 'partition' } } }],
      [{ at: new UtcDate(Date.UTC(2024, 0, 31)) }, { at: new UtcDate(Date.UTC(2024, 2, 31)) }],
      [0, 1, 2].map((month) => ({ at: new UtcDate(Date.UTC(2024, month, month === 1 ? 29 : 31)) })),
    ],
    [
      [{ $fill: { output: { n: { value: { $add: ['$m', 1] } } } } }],
      [{ n: null, m: 1 }, { m: 2 }, { n: 5, m: 3 }],
      [
        { n: 2, m: 1 },
        { m: 2, n: 3 },
        { n: 5, m: 3 },
      ],
    ],
    [
      [
        {
          $fill: { sortBy: { t: 1 }, partitionByFields: ['k'], output: { n: { method: 'locf' } } },
        },
      ],
      [
        { k: 1, t: 2, n: null },
        { k: 1, t: 1, n: 7 },
        { k: 2, t: 1 },
      ],
      [
        { k: 1, t: 1, n: 7 },
        { k: 1, t: 2, n: 7 },
        { k: 2, t: 1, n: null },
      ],
    ],
    [
      [{ $fill: { sortBy: { t: 1 }, output: { n: { method: 'linear' } } } }],
      [{ t: 1, n: 10 }, { t: 2 }, { t: 4 }, { t: 5, n: 18 }, { t: 6 }],
      [
        { t: 1, n: 10 },
        { t: 2, n: dbl(12) },
        { t: 4, n: dbl(16) },
        { t: 5, n: 18 },
        { t: 6, n: null },
      ],
    ],
    [[{ $skip: 1 }, { $limit: 1 }], [{ n: 1 }, { n: 2 }, { n: 3 }], [{ n: 2 }]],
    [[{ $sortByCount: '$n' }, { $limit: 1 }], nine, [{ _id: 0, count: 3 }]],
    [[{ $count: 'all' }], [], []],
    [
      [{ $set: { 'a.b': '$n', c: { d: 1 } } }],
      [{ n: 1, a: [{}, 5] }],
      [{ n: 1, a: [{ b: 1 }, { b: 1 }], c: { d: 1 } }],
    ],
    [[{ $unset: ['a.b', 'n'] }], [{ n: 1, a: [{ b: 1, c: 2 }] }], [{ a: [{ c: 2 }] }]],
    [
      [{ $facet: { a: [{ $count: 'n' }], b: [{ $limit: 1 }] } }],
      [{ x: 1 }],
      [{ a: [{ n: 1 }], b: [{ x: 1 }] }],
    ],
    [
      [
        {
          $graphLookup: {
            from: 'none',
            startWith: '$a',
            connectFromField: 'a',
            connectToField: 'b',
            as: 'all',
          },
        },
      ],
      [{ a: 1 }],
      [{ a: 1, all: [] }],
    ],
    [
      [{ $lookup: { from: 'none', localField: 'a', foreignField: 'b', as: 'x.y' } }],
      [{ a: 1 }],
      [{ a: 1, x: { y: [] } }],
    ],
  ])('by %o of %o: %o', (stages, docs, expected) => expect(run(stages, docs)).toEqual(v(expected)));

  test('no endless sequence of steps that get nowhere', () => {
    const docs = [{ n: 1e300 }, { n: 2e300 }].map(({ n }) => ({ n: dbl(n) }));
    const stages = [{ $densify: { field: 'n', range: { step: 1, bounds: 'full' } } }];
    expect(() => run(stages, docs)).toThrow(expect.objectContaining({ code: 5897900 }) as Error);
  });

  test('a sample of as many different documents as there are', () => {
    const docs = Array.from({ length: 20 }, (_, n) => ({ n }));
    const drawn = run([{ $sample: { size: 5 } }], docs).map((doc) => (doc as Doc).get('n'));
    expect([drawn.length, new Set(drawn).size]).toEqual([5, 5]);
    expect(run([{ $sample: { size: 99 } }], docs)).toHaveLength(20);
  });
});

test.each<[Literal, number]>([
  [[{ $wat: 1 }], 40324],
  [[{ $out: 'x', $match: {} }], 40323],
  [[{ $setWindowFields: {} }], 238],
  [[{ $group: {} }], 15955],
  [[{ $group: { _id: 1, a: 5 } }], 40234],
  [[{ $group: { _id: 1, a: { $sum: 1, $avg: 1 } } }], 40238],
  [[{ $group: { _id: 1, a: { $wat: 1 } } }], 15952],
  [[{ $group: { _id: 1, 'a.b': { $sum: 1 } } }], 40235],
  [[{ $group: { _id: 1, a: { $sum: [1, 2] } } }], 40237],
  [[{ $group: { _id: 1, a: { $count: 1 } } }], 9],
  [[{ $group: { _id: 1, a: { $firstN: { input: 1, n: 0 } } } }], 5787908],
  [[{ $densify: { field: 'n', range: { step: 0, bounds: 'full' } } }], 5733401],
  [[{ $densify: { field: 'n', range: { step: 1, bounds: [0, 1e7] } } }], 5897900],
  [[{ $densify: { field: 'n', range: { step: 1, unit: 'day', bounds: 'full' } } }], 6053600],
  [[{ $fill: { output: {} } }], 40414],
  [[{ $fill: { output: { a: { method: 'locf' } } } }], 6050203],
  [[{ $fill: { wat: 1, output: { a: { value: 1 } } } }], 40415],
  [[{ $sort: {} }], 15976],
  [[{ $limit: 0 }], 15958],
  [[{ $sample: { size: -1 } }], 28747],
  [[{ $bucket: { groupBy: '$a', boundaries: [2, 1] } }], 40194],
  [[{ $bucket: { groupBy: '$a', boundaries: [1, 'x'] } }], 40193],
  [[{ $bucket: { groupBy: '$a', boundaries: [1, 9], default: 5 } }], 40199],
  [[{ $bucketAuto: { groupBy: '$a', buckets: 0 } }], 40243],
  [[{ $bucketAuto: { groupBy: '$a', buckets: 2, granularity: 'R5' } }], 238],
  [[{ $redact: 'no' }], 17053],
  [[{ $unwind: 'a' }], 28818],
  [[{ $replaceRoot: { newRoot: '$n' } }], 40228],
  [[{ $facet: { a: [{ $facet: {} }] } }], 40600],
  [[{ $set: { a: 1, 'a.b': 2 } }], 31250],
])('the pipeline %o is refused with code %d', (stages, code) => {
  expect(() => run(stages, [{ n: 1 }])).toThrow(expect.objectContaining({ code }) as Error);
});
