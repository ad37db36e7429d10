import type { ChangeStream, ChangeStreamDocument, Db, Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

let engine: TestEngine;
let client: MongoClient;
let db: Db;
let serial = 0;

/** Streams answer empty batches quickly, so that the tests do not wait. */
const quick = { maxAwaitTimeMS: 20 };

beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect();
});
afterAll(() => engine.stop());
beforeEach(() => {
  db = client.db(`s${serial++}`);
});

async function take(stream: ChangeStream<Document, Document>, count: number): Promise<Document[]> {
  const out: Document[] = [];
  for await (const event of stream) {
    out.push(event);
    if (out.length === count) break;
  }
  return out;
}

/** Opens the stream on the server before anything happens. */
async function opened<S extends ChangeStream<Document, Document>>(stream: S): Promise<S> {
  await stream.tryNext();
  return stream;
}

test('a transaction is told as a whole after its commit, with one cluster time', async () => {
  const stream = await opened(
    db.watch([{ $match: { operationType: { $in: ['insert', 'update'] } } }], quick) as ChangeStream<
      Document,
      Document
    >,
  );
  await db.collection<Document>('a').insertOne({ _id: 1 as never });
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await db
        .collection<Document>('a')
        .updateOne({ _id: 1 as never }, { $set: { x: 1 } }, { session });
      await db.collection<Document>('b').insertOne({ _id: 2 as never }, { session });
    }),
  );
  const aborted = client.startSession();
  aborted.startTransaction();
  await db.collection('a').insertOne({ never: true }, { session: aborted });
  await aborted.abortTransaction();
  await aborted.endSession();
  await db.collection<Document>('a').insertOne({ _id: 3 as never });
  const events = await take(stream, 4);
  expect(events.map((e) => [e['operationType'], e['ns'].coll, e['documentKey']._id])).toEqual([
    ['insert', 'a', 1],
    ['update', 'a', 1],
    ['insert', 'b', 2],
    ['insert', 'a', 3],
  ]);
  expect(events[1]?.['clusterTime']).toEqual(events[2]?.['clusterTime']);
  expect(events[1]?.['txnNumber']).toBeDefined();
  expect(events[1]?.['updateDescription']).toEqual({
    updatedFields: { x: 1 },
    removedFields: [],
    truncatedArrays: [],
  });
});

test('a stream resumes in the middle of a transaction', async () => {
  const items = db.collection<Document>('items');
  await items.insertOne({ _id: 0 as never });
  const stream = await opened(items.watch([], quick) as ChangeStream<Document, Document>);
  await client.withSession((session) =>
    session.withTransaction(() =>
      items.insertMany(
        [1, 2, 3].map((n) => ({ _id: n as never })),
        { session },
      ),
    ),
  );
  const [first] = await take(stream, 1);
  const resumed = await take(
    items.watch([], { resumeAfter: first?.['_id'] }) as ChangeStream<Document, Document>,
    2,
  );
  expect(resumed.map((e) => e['documentKey']._id)).toEqual([2, 3]);
  const replayed = await take(
    items.watch([], { startAtOperationTime: first?.['clusterTime'] }) as ChangeStream<
      Document,
      Document
    >,
    3,
  );
  expect(replayed.map((e) => e['documentKey']._id)).toEqual([1, 2, 3]);
});

test('fullDocument updateLookup shows the document as it is, images show it as it was', async () => {
  await db.createCollection('items', { changeStreamPreAndPostImages: { enabled: true } });
  const items = db.collection<Document>('items');
  await items.insertOne({ _id: 1 as never, n: 1, gone: true, list: [1, 2, 3, 4] });
  const stream = await opened(
    items.watch([], {
      fullDocument: 'updateLookup',
      fullDocumentBeforeChange: 'required',
    }) as ChangeStream<Document, Document>,
  );
  await items.updateOne(
    { _id: 1 as never },
    { $inc: { n: 1 }, $unset: { gone: 1 }, $push: { list: { $each: [], $slice: 3 } as never } },
  );
  const [event] = await take(stream, 1);
  expect(event?.['fullDocument']).toEqual({ _id: 1, n: 2, list: [1, 2, 3] });
  expect(event?.['fullDocumentBeforeChange']).toMatchObject({ n: 1, gone: true });
  expect(event?.['updateDescription']).toEqual({
    updatedFields: { n: 2 },
    removedFields: ['gone'],
    truncatedArrays: [{ field: 'list', newSize: 3 }],
  });
});

test('dropping the collection ends its stream with an invalidate', async () => {
  const items = db.collection<Document>('items');
  await items.insertOne({ a: 1 });
  const stream = await opened(items.watch([], quick) as ChangeStream<Document, Document>);
  await items.drop();
  expect((await take(stream, 2)).map((e) => e['operationType'])).toEqual(['drop', 'invalidate']);
});

test('a pipeline that changes the resume token is refused, and so is a token of another server', async () => {
  const items = db.collection<Document>('items');
  await items.insertOne({ a: 1 });
  const stream = await opened(
    items.watch([{ $set: { _id: 1 } }], quick) as ChangeStream<Document, Document>,
  );
  await items.insertOne({ a: 2 });
  await expect(stream.next()).rejects.toThrow(/modified by the pipeline|resume token/);
  const foreign = items.watch([], { resumeAfter: { _data: '8263' } });
  await expect(foreign.next() as Promise<ChangeStreamDocument>).rejects.toMatchObject({
    code: 40647,
  });
});

test('an expanded stream tells of indexes, options and renames over another collection', async () => {
  await db.createCollection('old');
  const items = await db.createCollection('items');
  const stream = await opened(
    db.watch([], { ...quick, showExpandedEvents: true }) as ChangeStream<Document, Document>,
  );
  await items.createIndex({ n: 1 });
  await db.command({ collMod: 'items', validationLevel: 'off' });
  await items.insertOne({ n: { '1': 1 } });
  await items.updateOne({}, { $set: { 'n.1': 2 } });
  await items.dropIndex('n_1');
  await items.rename('old', { dropTarget: true });
  await db.createCollection('items');
  const events = await take(stream, 7);
  const { databaseName } = db;
  const index = { v: 2, key: { n: 1 }, name: 'n_1' };
  const byType = Object.fromEntries(events.map((e) => [e['operationType'], e]));
  expect(events.map((e) => e['operationType'])).toEqual([
    'createIndexes',
    'modify',
    'insert',
    'update',
    'dropIndexes',
    'rename',
    'create',
  ]);
  expect(byType['createIndexes']?.['operationDescription']).toEqual({ indexes: [index] });
  expect(byType['dropIndexes']?.['operationDescription']).toEqual({ indexes: [index] });
  expect(byType['modify']?.['operationDescription']).toEqual({ validationLevel: 'off' });
  expect(byType['update']?.['updateDescription']).toMatchObject({
    updatedFields: { 'n.1': 2 },
    disambiguatedPaths: { 'n.1': ['n', '1'] },
  });
  expect(byType['rename']).toMatchObject({
    ns: { db: databaseName, coll: 'items' },
    to: { db: databaseName, coll: 'old' },
    operationDescription: { to: { db: databaseName, coll: 'old' }, dropTarget: expect.anything() },
  });
  expect(byType['create']?.['operationDescription'].idIndex.name).toBe('_id_');
});

test.each([
  ['a stage that nobody knows', { $unheard: 1 }, 40324],
  ['a stage that a stream may not have', { $group: { _id: 1 } }, 20],
])('a stream with %s is refused', async (_, stage, code) => {
  await expect(db.watch([stage]).next() as Promise<unknown>).rejects.toMatchObject({ code });
});

test('the collation of a stream matters to its stages, and to nothing without them', async () => {
  const fine = { locale: 'en' };
  const stream = await opened(
    db.watch([], { ...quick, collation: fine }) as ChangeStream<Document, Document>,
  );
  await stream.close();
  const loose = [{ $match: { 'fullDocument.name': 'ÄPFEL' } }];
  const matching = await opened(
    db.watch(loose, { ...quick, collation: { locale: 'en', strength: 1 } }) as ChangeStream<
      Document,
      Document
    >,
  );
  await db.collection('items').insertOne({ name: 'Apfel' });
  expect((await take(matching, 1))[0]?.['fullDocument'].name).toBe('Apfel');
  const refused = db.watch(loose, { collation: fine }).next() as Promise<unknown>;
  await expect(refused).rejects.toMatchObject({ code: 238 });
});
