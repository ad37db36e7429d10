import {
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  ObjectId,
  Timestamp,
  type Document,
} from 'mongodb';

/** Some rows, and the commands that are sent one after the other over them. */
export interface Scenario {
  readonly name: string;
  readonly rows: readonly Document[];
  readonly commands: readonly Document[];
}

const numbers: readonly unknown[] = [
  new Int32(0),
  new Int32(7),
  new Int32(2147483647),
  Long.fromString('7'),
  Long.fromString('9223372036854775807'),
  new Double(7),
  new Double(0.1),
  new Double(-0),
  new Double(Number.NaN),
  new Double(Number.POSITIVE_INFINITY),
  Decimal128.fromString('7'),
  Decimal128.fromString('0.10'),
];

const values: readonly unknown[] = [
  ...numbers,
  null,
  'text',
  '',
  true,
  false,
  new Date(0),
  new Date(1_562_000_000_000),
  new ObjectId('5d1a0a0a0a0a0a0a0a0a0a0a'),
  new Binary(Buffer.from('ab')),
  new Timestamp({ t: 1, i: 2 }),
  /^a/i,
  {},
  { a: 1 },
  { a: { b: 1 } },
  [],
  [1, 2, 3],
  [[1], { a: 1 }],
  [null],
];

const rowsOf = (list: readonly unknown[]): Document[] => [
  ...list.map((a, i) => ({ _id: new Int32(i), a })),
  { _id: new Int32(list.length) },
];
const VALUES = rowsOf(values);

const find = (filter: Document, more: Document = {}): Document => ({
  find: 'rows',
  filter,
  sort: { _id: 1 },
  ...more,
});
const project = (x: unknown): Document => ({
  aggregate: 'rows',
  pipeline: [{ $sort: { _id: 1 } }, { $project: { x } }],
  cursor: { batchSize: 1000 },
});
const update = (u: unknown, more: Document = {}): Document => ({
  update: 'rows',
  updates: [{ q: { _id: 0 }, u, ...more }],
});

/** Every operator of comparison with every kind of value, over every kind of value. */
const comparisons: Scenario = {
  name: 'comparisons',
  rows: VALUES,
  commands: values.flatMap((value) => [
    find({ a: value }),
    ...['$ne', '$gt', '$gte', '$lt', '$lte'].map((op) => find({ a: { [op]: value } })),
    find({ a: { $in: [value, 7] } }),
    find({ a: { $nin: [value] } }),
    find({ $expr: { $lt: ['$a', { $literal: value }] } }),
  ]),
};

const filters: Scenario = {
  name: 'filters',
  rows: VALUES,
  commands: [
    ...[
      'double',
      'string',
      'object',
      'array',
      'binData',
      'objectId',
      'bool',
      'date',
      'null',
      'regex',
      'int',
      'timestamp',
      'long',
      'decimal',
      'number',
    ].map((type) => find({ a: { $type: type } })),
    find({ a: { $exists: true } }),
    find({ a: { $size: 3 } }),
    find({ a: { $all: [1, 2] } }),
    find({ a: { $elemMatch: { $gt: 1, $lt: 3 } } }),
    find({ a: { $mod: [7, 0] } }),
    find({ a: { $not: { $gt: 5 } } }),
    find({ 'a.a': 1 }),
    find({ 'a.0': 1 }),
    find({ 'a.a.b': null }),
    find({ a: { $bitsAllSet: 7 } }),
    find({}, { sort: { a: 1, _id: 1 } }),
    find({}, { sort: { a: -1, _id: 1 } }),
    { distinct: 'rows', key: 'a' },
    { count: 'rows', query: { a: { $gte: 0 } } },
  ],
};

/** Each row is a pair: every arithmetic operator with every pair of numbers. */
const arithmetic: Scenario = {
  name: 'arithmetic',
  rows: numbers.flatMap((a, i) =>
    numbers.map((b, j) => ({ _id: new Int32(i * numbers.length + j), a, b })),
  ),
  commands: [
    ...['$add', '$subtract', '$multiply', '$pow', '$max', '$min', '$cmp', '$eq'].map((op) =>
      project({ [op]: ['$a', '$b'] }),
    ),
    ...[
      '$abs',
      '$ceil',
      '$floor',
      '$trunc',
      '$round',
      '$sqrt',
      '$toString',
      '$toDecimal',
      '$toDouble',
      '$toBool',
      '$type',
    ].map((op) => project(op === '$sqrt' ? { $sqrt: { $abs: '$a' } } : { [op]: '$a' })),
    project({ $divide: ['$a', { $cond: [{ $eq: ['$b', 0] }, 1, '$b'] }] }),
    project({ $mod: ['$a', { $cond: [{ $eq: ['$b', 0] }, 1, '$b'] }] }),
    {
      aggregate: 'rows',
      pipeline: [
        {
          $group: {
            _id: '$b',
            sum: { $sum: '$a' },
            avg: { $avg: '$a' },
            min: { $min: '$a' },
            max: { $max: '$a' },
          },
        },
        { $sort: { _id: 1 } },
      ],
      cursor: {},
    },
  ],
};

/** Each update of a number by each number, and what is stored afterwards. */
const updates: readonly Scenario[] = ['$inc', '$mul', '$min', '$max', '$set'].map((op) => ({
  name: `update ${op}`,
  rows: [{ _id: 0, kept: Long.fromString('5'), exact: Decimal128.fromString('1.00') }],
  commands: numbers.flatMap((a) =>
    numbers.flatMap((b) => [update({ $set: { a } }), update({ [op]: { a: b } }), find({})]),
  ),
}));

const shapes: Scenario = {
  name: 'updates of arrays and paths',
  rows: [{ _id: 0, list: [3, 1, 2], deep: [{ a: 1 }, { a: 2 }], text: 'x' }],
  commands: [
    update({ $push: { list: { $each: [5, 4], $sort: 1, $slice: -4 } } }),
    update({ $addToSet: { list: { $each: [5, 9] } } }),
    update({ $pull: { list: { $gte: 5 } } }),
    update({ $pop: { list: -1 } }),
    update({ $set: { 'deep.$[x].a': 7 } }, { arrayFilters: [{ 'x.a': 2 }] }),
    update({ $set: { 'deep.$[].b': true } }),
    update({ $rename: { text: 'moved.text' } }),
    update({ $unset: { 'deep.0.b': '' } }),
    update({ $set: { 'list.5': 0 } }),
    update([{ $set: { sum: { $sum: '$list' } } }, { $unset: 'list' }]),
    update({ $set: { 'text.x': 1 } }),
    update({ $inc: { moved: 1 } }),
    update({ $push: { sum: 1 } }),
    update({ $set: { a: 1 }, $inc: { a: 1 } }),
    update({ $set: { _id: 5 } }),
    update({ $fly: { a: 1 } }),
    {
      update: 'rows',
      updates: [
        { q: { _id: 'new', n: { $gt: 5 } }, u: { $setOnInsert: { made: true } }, upsert: true },
      ],
    },
    find({}, { projection: { _id: 0 } }),
  ],
};

const pipelines: Scenario = {
  name: 'pipelines',
  rows: Array.from({ length: 12 }, (_, i) => ({
    _id: i,
    k: i % 3,
    n: i * 2,
    tags: [`t${i % 2}`, 't2'],
    at: new Date(i * 86_400_000),
  })),
  commands: [
    [{ $group: { _id: '$k', n: { $sum: '$n' }, all: { $push: '$_id' } } }, { $sort: { _id: 1 } }],
    [{ $unwind: { path: '$tags', includeArrayIndex: 'i' } }, { $sortByCount: '$tags' }],
    [
      {
        $bucket: {
          groupBy: '$n',
          boundaries: [0, 6, 12],
          default: 'more',
          output: { c: { $sum: 1 } },
        },
      },
    ],
    [{ $facet: { few: [{ $limit: 1 }], count: [{ $count: 'n' }] } }],
    [
      { $lookup: { from: 'rows', localField: 'k', foreignField: '_id', as: 'same' } },
      { $limit: 2 },
    ],
    [
      {
        $lookup: {
          from: 'rows',
          let: { k: '$k' },
          pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$k'] } } }, { $project: { n: 1 } }],
          as: 'same',
        },
      },
      { $limit: 2 },
    ],
    [
      { $match: { n: { $gt: 4 } } },
      {
        $replaceRoot: {
          newRoot: {
            id: '$_id',
            day: { $dateToString: { date: '$at', format: '%Y-%m-%d', timezone: 'Asia/Tokyo' } },
          },
        },
      },
    ],
    [
      { $sort: { n: -1 } },
      { $skip: 2 },
      { $limit: 3 },
      { $project: { n: 1, half: { $divide: ['$n', 2] } } },
    ],
    [{ $unionWith: { coll: 'rows', pipeline: [{ $match: { _id: 0 } }] } }, { $count: 'all' }],
    [
      { $set: { low: { $filter: { input: '$tags', cond: { $ne: ['$$this', 't2'] } } } } },
      { $unset: ['at', 'tags'] },
    ],
    [{ $fly: 1 }],
    [{ $match: { $expr: { $fly: 1 } } }],
    [{ $group: { k: 1 } }],
  ].map((pipeline) => ({ aggregate: 'rows', pipeline, cursor: {} })),
};

const errors: Scenario = {
  name: 'errors',
  rows: [{ _id: 1, u: 'a' }],
  commands: [
    { createIndexes: 'rows', indexes: [{ key: { u: 1 }, name: 'u', unique: true }] },
    { insert: 'rows', documents: [{ _id: 1 }] },
    {
      insert: 'rows',
      documents: [
        { _id: 2, u: 'a' },
        { _id: 3, u: 'b' },
      ],
      ordered: false,
    },
    { insert: 'rows', documents: [{ _id: [1] }] },
    { createIndexes: 'rows', indexes: [{ key: { u: 1 }, name: 'other' }] },
    { createIndexes: 'rows', indexes: [{ key: { v: 1 }, name: 'u' }] },
    { dropIndexes: 'rows', index: 'none' },
    { find: 'rows', filter: { a: { $fly: 1 } } },
    { find: 'rows', filter: [] },
    { find: 'rows', wings: 1 },
    { find: 'rows', projection: { a: 1, b: 0 } },
    { find: 'rows', sort: { a: 2 } },
    { find: 'rows', hint: 'none' },
    { find: 'rows', limit: -1 },
    { fly: 1 },
    { getMore: Long.fromString('5'), collection: 'rows' },
    { findAndModify: 'rows', query: {}, remove: true, update: { $set: { a: 1 } } },
    { delete: 'rows', deletes: [{ q: {}, limit: 2 }] },
    { collMod: 'none' },
    { renameCollection: 'rows', to: 'none' },
    { create: 'rows', collation: { locale: 'en', strength: 2 } },
    { explain: { find: 'rows', filter: { u: 'a' } }, verbosity: 'queryPlanner' },
  ],
};

/** The list that is sent to both. */
export const SCENARIOS: readonly Scenario[] = [
  comparisons,
  filters,
  arithmetic,
  ...updates,
  shapes,
  pipelines,
  errors,
];
