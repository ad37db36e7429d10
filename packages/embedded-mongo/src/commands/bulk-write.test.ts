import type { Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { rawCommand } from '../testing/wire.ts';
import { Binary } from '../values/types.ts';

let engine: TestEngine;
let client: MongoClient;

beforeAll(async () => {
  engine = await TestEngine.start();
  client = await engine.connect({ retryWrites: false });
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await client.db('bulk').dropDatabase();
  await client
    .db('bulk')
    .collection<Document>('a')
    .insertOne({ _id: 1 as never });
});

const nsInfo = [{ ns: 'bulk.a' }, { ns: 'bulk.b' }];
const into = (place: number, _id: number): Document => ({ insert: place, document: { _id } });
const send = async (ops: Document[], more: Document = {}): Promise<Document> => {
  const reply = await client.db('admin').command({ bulkWrite: 1, ops, nsInfo, ...more });
  const rows = (reply['cursor'].firstBatch as Document[]).map(({ idx, ok, code }) =>
    ok === 1 ? idx : [idx, code],
  );
  return { rows, inserted: reply['nInserted'], errors: reply['nErrors'] };
};

test('inserts side by side keep their places, errors among them included', async () => {
  const ops = [into(0, 2), into(0, 1), into(0, 3), into(1, 1), into(1, 1), into(0, 4)];
  expect(await send(ops, { ordered: false })).toEqual({
    rows: [0, [1, 11000], 2, 3, [4, 11000], 5],
    inserted: 4,
    errors: 2,
  });
});

test('an ordered bulk ends at the first insert that fails', async () => {
  const ops = [into(0, 2), into(0, 1), into(0, 3), into(1, 1)];
  expect(await send(ops)).toEqual({ rows: [0, [1, 11000]], inserted: 1, errors: 1 });
  expect(await client.db('bulk').collection('a').countDocuments()).toBe(2);
});

test('with errorsOnly the rows are those of the errors', async () => {
  const ops = [into(0, 2), into(0, 1), into(1, 3)];
  expect(await send(ops, { ordered: false, errorsOnly: true })).toEqual({
    rows: [[1, 11000]],
    inserted: 2,
    errors: 1,
  });
});

test('an insert that is wrong in itself is an error of its own', async () => {
  const ops = [into(0, 2), { insert: 0, document: { _id: 3 }, hint: 1 }, into(7, 4), { insert: 0 }];
  expect(await send(ops, { ordered: false })).toEqual({
    rows: [0, [1, 40415], [2, 2], [3, 2]],
    inserted: 1,
    errors: 3,
  });
});

test('more inserts than fit into a unit are written once, also when they are sent again', async () => {
  const ops = Array.from({ length: 700 }, (_, n) => ({
    insert: 0,
    document: { _id: BigInt(n + 2) },
  }));
  const command = {
    bulkWrite: 1,
    ops,
    nsInfo: [{ ns: 'bulk.b' }],
    lsid: { id: new Binary(Buffer.alloc(16, 3), 4) },
    txnNumber: 1n,
    $db: 'admin',
  };
  expect((await rawCommand(engine.port, command)).get('nInserted')).toBe(700);
  const again = await rawCommand(engine.port, command);
  expect([again.get('nInserted'), again.get('nErrors')]).toEqual([700, 0]);
  expect(again.get('retriedStmtIds')).toHaveLength(700);
  await engine.crash();
  const afterCrash = await rawCommand(engine.port, command);
  expect(afterCrash.get('retriedStmtIds')).toHaveLength(700);
});
