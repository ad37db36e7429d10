import { type ClientSession, type Collection, type Db, type MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { failure } from '../testing/failure.ts';
import { rawCommand } from '../testing/wire.ts';
import { Binary, type Doc } from '../values/types.ts';

interface Account {
  _id: string;
  yen: number;
  mail?: string;
}

let engine: TestEngine;
let client: MongoClient;
let db: Db;
let accounts: Collection<Account>;

beforeAll(async () => {
  engine = await TestEngine.start({ testCommands: true });
  client = await engine.connect();
  db = client.db('bank');
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await db.dropDatabase();
  accounts = db.collection('accounts');
  await accounts.createIndex({ mail: 1 }, { unique: true, sparse: true });
  await accounts.insertMany([
    { _id: 'a', yen: 100 },
    { _id: 'b', yen: 100 },
  ]);
});

async function within<R>(run: (one: ClientSession, two: ClientSession) => Promise<R>): Promise<R> {
  const [one, two] = [client.startSession(), client.startSession()];
  one.startTransaction();
  two.startTransaction();
  try {
    return await run(one, two);
  } finally {
    await Promise.all([one.endSession(), two.endSession()]);
  }
}

test('a transaction sees its own writes, others see them at the commit and all at once', () =>
  within(async (session) => {
    await accounts.updateOne({ _id: 'a' }, { $inc: { yen: -30 } }, { session });
    await accounts.updateOne({ _id: 'b' }, { $inc: { yen: 30 } }, { session });
    await db.collection('fresh').insertOne({ x: 1 }, { session });
    expect((await accounts.findOne({ _id: 'a' }, { session }))?.yen).toBe(70);
    expect((await accounts.findOne({ _id: 'a' }))?.yen).toBe(100);
    expect(await db.collection('fresh').countDocuments({})).toBe(0);
    await session.commitTransaction();
    expect((await accounts.find({}).toArray()).map((x) => x.yen)).toEqual([70, 130]);
    expect(await db.collection('fresh').countDocuments({})).toBe(1);
  }));

test('an aborted transaction leaves nothing, no document, no index entry and no collection', () =>
  within(async (session) => {
    await accounts.insertOne({ _id: 'c', yen: 1, mail: 'c' }, { session });
    await accounts.deleteOne({ _id: 'a' }, { session });
    await db.collection('fresh').insertOne({ x: 1 }, { session });
    await session.abortTransaction();
    expect(await accounts.distinct('_id')).toEqual(['a', 'b']);
    expect((await db.listCollections().toArray()).map((c) => c.name)).toEqual(['accounts']);
    await accounts.insertOne({ _id: 'd', yen: 1, mail: 'c' });
  }));

test('reads are repeatable while others commit, deletes and index moves included', () =>
  within(async (session) => {
    await accounts.updateOne({ _id: 'b' }, { $set: { mail: 'b' } });
    const read = (): Promise<Account[]> =>
      accounts.find({}, { session }).sort({ _id: 1 }).toArray();
    const before = await read();
    await accounts.updateOne({ _id: 'b' }, { $set: { mail: 'z', yen: 5 } });
    await accounts.deleteOne({ _id: 'a' });
    await accounts.insertOne({ _id: 'n', yen: 1, mail: 'b' });
    expect(await read()).toEqual(before);
    expect(
      (await accounts.findOne({ mail: before[1]?.mail ?? '-' }, { session }))?._id ?? null,
    ).toBe(before[1]?.mail ? 'b' : null);
    expect(await accounts.countDocuments({}, { session })).toBe(2);
  }));

test('the first writer wins: the second hears 112 and that it may start again', () =>
  within(async (one, two) => {
    await accounts.updateOne({ _id: 'a' }, { $inc: { yen: 1 } }, { session: one });
    const error = await failure(
      accounts.updateOne({ _id: 'a' }, { $inc: { yen: 1 } }, { session: two }),
    );
    expect(error.code).toBe(112);
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
    await one.commitTransaction();
  }));

test('a document changed after the snapshot cannot be written over', () =>
  within(async (one) => {
    await accounts.findOne({ _id: 'b' }, { session: one });
    await accounts.updateOne({ _id: 'a' }, { $inc: { yen: 7 } });
    const error = await failure(
      accounts.updateOne({ _id: 'a' }, { $inc: { yen: 1 } }, { session: one }),
    );
    expect([error.code, error.hasErrorLabel('TransientTransactionError')]).toEqual([112, true]);
  }));

test('a write outside of a transaction waits for the lock instead of failing', () =>
  within(async (one) => {
    await accounts.updateOne({ _id: 'a' }, { $inc: { yen: 1 } }, { session: one });
    const waiting = accounts.updateOne({ _id: 'a' }, { $inc: { yen: 10 } });
    const late = await failure(
      db.command({
        update: 'accounts',
        updates: [{ q: { _id: 'a' }, u: { $inc: { yen: 1000 } } }],
        maxTimeMS: 50,
      }),
    );
    expect(late.code).toBe(50);
    await one.commitTransaction();
    await waiting;
    expect((await accounts.findOne({ _id: 'a' }))?.yen).toBe(111);
  }));

test('a duplicate key inside a transaction is told as outside, and ends the transaction', () =>
  within(async (one) => {
    await accounts.updateOne({ _id: 'a' }, { $set: { mail: 'm' } }, { session: one });
    const error = await failure(
      accounts.updateOne({ _id: 'b' }, { $set: { mail: 'm' } }, { session: one }),
    );
    expect(error.code).toBe(11000);
    expect(error['keyValue']).toEqual({ mail: 'm' });
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(false);
    const after = await failure(accounts.findOne({ _id: 'a' }, { session: one }));
    expect([after.code, after.hasErrorLabel('TransientTransactionError')]).toEqual([251, true]);
    expect((await accounts.findOne({ _id: 'a' }))?.mail).toBeUndefined();
  }));

test('two transactions that insert one key: the second is a conflict while the first is open', () =>
  within(async (one, two) => {
    await accounts.insertOne({ _id: 'k', yen: 1 }, { session: one });
    expect((await failure(accounts.insertOne({ _id: 'k', yen: 2 }, { session: two }))).code).toBe(
      112,
    );
    await one.commitTransaction();
    expect((await failure(accounts.insertOne({ _id: 'k', yen: 2 }))).code).toBe(11000);
  }));

test('a unique key may be freed and taken again inside one transaction', () =>
  within(async (one) => {
    await accounts.insertOne({ _id: 'm1', yen: 1, mail: 'm' });
    const session = client.startSession();
    await session.withTransaction(async () => {
      await accounts.deleteOne({ _id: 'm1' }, { session });
      await accounts.insertOne({ _id: 'm2', yen: 2, mail: 'm' }, { session });
    });
    await session.endSession();
    expect((await accounts.findOne({ mail: 'm' }))?._id).toBe('m2');
    await one.abortTransaction();
  }));

test('twenty transactions on one document all count, none is lost', async () => {
  await Promise.all(
    Array.from({ length: 20 }, async () =>
      client.withSession((session) =>
        session.withTransaction(() =>
          accounts.updateOne({ _id: 'a' }, { $inc: { yen: 1 } }, { session }),
        ),
      ),
    ),
  );
  expect((await accounts.findOne({ _id: 'a' }))?.yen).toBe(120);
});

test('writes to several collections go in one bulk inside a transaction', async () => {
  await client.withSession((session) =>
    session.withTransaction(() =>
      client.bulkWrite(
        [
          {
            name: 'updateOne',
            namespace: 'bank.accounts',
            filter: { _id: 'a' },
            update: { $inc: { yen: -1 } },
          },
          { name: 'insertOne', namespace: 'bank.journal', document: { _id: 'j1' } },
        ] as never,
        { session },
      ),
    ),
  );
  expect([
    (await accounts.findOne({ _id: 'a' }))?.yen,
    await db.collection('journal').countDocuments({}),
  ]).toEqual([99, 1]);
});

test('commands that cannot be part of a transaction are refused with 263 and no retry label', () =>
  within(async (one) => {
    const error = await failure(
      db.command({ dropIndexes: 'accounts', index: '*' }, { session: one }),
    );
    expect([error.code, error.hasErrorLabel('TransientTransactionError')]).toEqual([263, false]);
  }));

test('an old transaction number is refused with 225', async () => {
  const send = (txnNumber: bigint): Promise<Doc> =>
    rawCommand(engine.port, {
      insert: 'log',
      documents: [{ n: txnNumber }],
      $db: 'bank',
      txnNumber,
      lsid: { id: new Binary(Buffer.alloc(16, 9), 4) },
    });
  expect((await send(5n)).get('ok')).toBe(1);
  expect((await send(4n)).get('code')).toBe(225);
});

test('a lost connection during the commit ends in one commit', async () => {
  await db.admin().command({
    configureFailPoint: 'failCommand',
    mode: { times: 1 },
    data: { failCommands: ['commitTransaction'], closeConnection: true },
  });
  await client.withSession((session) =>
    session.withTransaction(() =>
      accounts.updateOne({ _id: 'a' }, { $inc: { yen: 1 } }, { session }),
    ),
  );
  expect((await accounts.findOne({ _id: 'a' }))?.yen).toBe(101);
});

test('a write whose connection broke is retried by the driver and applied once', async () => {
  await db.admin().command({
    configureFailPoint: 'failCommand',
    mode: { times: 1 },
    data: { failCommands: ['update'], errorCode: 91 },
  });
  await accounts.updateOne({ _id: 'a' }, { $inc: { yen: 1 } });
  expect((await accounts.findOne({ _id: 'a' }))?.yen).toBe(101);
});
