import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Engine } from '../commands/engine.ts';
import type { Collection } from '../catalog/collection.ts';
import { find, PAUSE } from '../query/find.ts';
import { parseFilter } from '../query/parse.ts';
import { parseSort } from '../sort/sort.ts';
import { openSqliteStore } from '../storage/sqlite-store.ts';
import { DEFAULT_SETTINGS } from '../transactions/settings.ts';
import { Transaction } from '../transactions/writer.ts';
import { LATEST, type View } from '../transactions/view.ts';
import { d, v, type Literal } from '../testing/literal.ts';
import { encode } from '../values/encode.ts';
import { show } from '../values/show.ts';
import { type Doc, type Value } from '../values/types.ts';
import { parseCollation } from '../query/text-fold.ts';
import { writeDocument } from './write.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);
const dataDir = mkdtempSync(join(tmpdir(), 'embedded-mongo-planner-'));
const store = openSqliteStore(dataDir, {
  now: () => performance.now(),
  onFatal: (error) => {
    throw error;
  },
});
const engine = new Engine({
  store,
  now: () => 1_700_000_000_000,
  randomBytes,
  settings: DEFAULT_SETTINGS,
});
afterAll(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const literal = (): fc.Arbitrary<Literal> =>
  fc.oneof(
    fc.constantFrom<Literal>(null, 0, 1, 2, 1n, 1.5, 'a', 'B', 'b', true),
    fc.array(fc.constantFrom<Literal>(0, 1, 2, 'a', null), { maxLength: 3 }),
  );

const document = (): fc.Arbitrary<object> =>
  fc.record(
    {
      a: literal(),
      b: literal(),
      c: fc.oneof(
        literal(),
        fc.record({ x: literal() }),
        fc.array(fc.record({ x: literal() }, { requiredKeys: [] }), { maxLength: 2 }),
      ),
    },
    { requiredKeys: [] },
  );

const condition = (): fc.Arbitrary<Literal> =>
  fc.oneof(
    literal(),
    fc
      .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$eq', '$ne'), literal())
      .map(([op, x]) => ({ [op]: x })),
    fc.tuple(literal(), literal()).map(([x, y]) => ({ $gte: x, $lt: y })),
    fc.array(literal(), { maxLength: 3 }).map((list) => ({ $in: list })),
    fc.boolean().map((there) => ({ $exists: there })),
  );

const filterOf = (): fc.Arbitrary<object> =>
  fc.oneof(
    fc.record({ a: condition(), b: condition(), 'c.x': condition() }, { requiredKeys: [] }),
    fc.tuple(condition(), condition()).map(([x, y]) => ({ $or: [{ a: x }, { b: y }] })),
  );

const INDEXES: readonly object[] = [
  { key: { a: 1 } },
  { key: { a: -1, b: 1 } },
  { key: { 'c.x': 1 } },
  { key: { b: 1 }, sparse: true },
  { key: { a: 1, 'c.x': -1 } },
  { key: { b: -1 }, partialFilterExpression: { b: { $exists: true } } },
  { key: { a: 1 }, collation: { locale: 'en', strength: 2 } },
];

let serial = 0;

function ids(
  collection: Collection,
  view: View,
  input: { filter: object; sort?: Doc; hint?: Value; fold: boolean },
): string[] {
  const collation = input.fold ? parseCollation(d({ locale: 'en', strength: 2 })) : null;
  const execution = find({
    collection,
    view,
    collation,
    skip: 0,
    limit: 0,
    decoded: true,
    hint: input.hint,
    matcher: parseFilter(d(input.filter), { collation }),
    sort: parseSort(input.sort),
  });
  const out: string[] = [];
  for (const match of execution.matches) if (match !== PAUSE) out.push(show(match.doc?.get('_id')));
  return out;
}

function build(
  docs: readonly object[],
  spec: object,
  overwritten: readonly object[],
): { collection: Collection; view: View } {
  const unit = engine.unit();
  const collection = engine.create(`t.c${serial++}`, new Map(), unit);
  collection.indexes.push(engine.catalog.prepareIndex(d(spec)));
  const put = (doc: Doc, rid: number, before: Doc | null): void => {
    writeDocument(unit, collection, {
      rid,
      before: before && { doc: before, bytes: encode(before) },
      after: { doc, bytes: encode(doc) },
    });
  };
  const stored = docs.map((doc, i) => d({ _id: i, ...doc }));
  stored.forEach((doc, i) => put(doc, collection.from + 1 + i, null));
  unit.finish();
  // A transaction that began before later changes must still see the old state through the index.
  const transaction = new Transaction(engine['sink'], { lsid: 'x', txnNumber: 1n, expiresAt: 0 });
  const later = engine.unit();
  overwritten.slice(0, stored.length).forEach((doc, i) => {
    const [before, after] = [stored[i] as Doc, d({ _id: i, ...doc })];
    writeDocument(later, collection, {
      rid: collection.from + 1 + i,
      before: { doc: before, bytes: encode(before) },
      after: { doc: after, bytes: encode(after) },
    });
  });
  later.finish();
  return { collection, view: transaction.view };
}

const settings = { seed, numRuns: 150 };

test(`an index finds what a scan finds, now and in an older snapshot (seed ${seed})`, () => {
  let served = 0;
  fc.assert(
    fc.property(
      fc.array(document(), { maxLength: 12 }),
      fc.constantFrom(...INDEXES),
      fc.array(document(), { maxLength: 4 }),
      fc.array(filterOf(), { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      (docs, spec, overwritten, filters, fold) => {
        let made: ReturnType<typeof build>;
        try {
          made = build(docs, spec, overwritten);
        } catch (error) {
          expect((error as { code: number }).code).toBe(171); // two arrays in one compound key
          return;
        }
        for (const filter of filters) {
          for (const view of [LATEST, made.view]) {
            const scan = ids(made.collection, view, {
              filter,
              fold,
              hint: v({ $natural: 1 }),
            }).sort();
            expect(ids(made.collection, view, { filter, fold }).sort()).toEqual(scan);
            served += scan.length;
          }
        }
      },
    ),
    settings,
  );
  expect(served).toBeGreaterThan(0);
});

test(`a sort served by an index is the sort made in memory (seed ${seed})`, () => {
  const scalars = fc.record(
    { a: fc.constantFrom<Literal>(null, 0, 1, 2, 'a'), b: fc.constantFrom<Literal>(0, 1, 2) },
    { requiredKeys: ['b'] },
  );
  fc.assert(
    fc.property(
      fc.array(scalars, { maxLength: 15 }),
      fc.constantFrom(1, -1),
      fc.constantFrom(1, -1),
      condition(),
      (docs, one, two, a) => {
        const { collection } = build(docs, { key: { a: 1, b: -1 } }, []);
        for (const filter of [{}, { a }]) {
          const sort = d({ a: one, b: two, _id: 1 });
          const indexed = ids(collection, LATEST, {
            filter,
            sort: d({ a: one, b: two }),
            fold: false,
          });
          // Missing and null are one place in a sort.
          const keyOf = (list: string[]): string[] =>
            list.map((id) => show(v([docs[Number(id)]?.a ?? null, docs[Number(id)]?.b ?? null])));
          expect(keyOf(indexed)).toEqual(
            keyOf(ids(collection, LATEST, { filter, sort, fold: false, hint: v({ $natural: 1 }) })),
          );
        }
      },
    ),
    settings,
  );
});

test.each([
  ['a unique index', { key: { a: 1, b: 1 }, unique: true }],
  ['an index', { key: { a: 1, b: -1 } }],
])('two lists with more pairs than a plan may have find by %s what a scan finds', (_, spec) => {
  const docs = Array.from({ length: 30 }, (__, n) => ({ a: n, b: n % 2 === 0 ? n : 1000 + n }));
  const { collection } = build(docs, spec, []);
  const list = Array.from({ length: 50 }, (__, n) => n);
  for (const b of [{ $in: list }, { $in: list, $gt: 3 }]) {
    const filter = { a: { $in: list }, b };
    const scan = ids(collection, LATEST, { filter, fold: false, hint: v({ $natural: 1 }) }).sort();
    expect(scan.length).toBeGreaterThan(10);
    expect(ids(collection, LATEST, { filter, fold: false }).sort()).toEqual(scan);
  }
});
