import assert from 'node:assert/strict';
import { credit, debit, openLedger, walletAccount } from '@7pay/ledger';
import { defineModel, findRow, insertRow, int64, unitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** One payment by one of the workers; each worker has a wallet of its own. */
export type Turn = (worker: number) => Promise<unknown>;

/** One way to book a payment to the one merchant. */
export interface LedgerSide {
  readonly name: string;
  readonly turn: Turn;
  /** How often a body has run so far, repetitions included. */
  readonly attempts: () => number;
}

const PLENTY = 1_000_000_000;
const AMOUNT = 108;

function counted(connection: Connection, options: { deferring?: boolean } = {}) {
  const inUnit = unitOfWork(connection, options);
  let attempts = 0;
  return {
    attempts: () => attempts,
    inUnit: <Result>(body: (session: ClientSession) => Promise<Result>) =>
      inUnit((session) => {
        attempts += 1;
        return body(session);
      }),
  };
}

interface SmallDocument {
  readonly _id: string;
  readonly at: Date;
  readonly state?: string;
  readonly amount?: bigint;
}
const small = (connection: Connection, name: string) =>
  defineModel(
    connection,
    name,
    new Schema<SmallDocument>({ _id: String, at: Date, state: String, amount: BigInt }),
  );

/**
 * The ledger as a payment of the wallet uses it: the account and the entry, with the merchant’s order and the use of
 * the code. The unit of work is the wallet’s: what it writes goes in one command.
 */
export async function ourSide(connection: Connection, workers: number): Promise<LedgerSide> {
  const ledger = openLedger(connection);
  const { inUnit, attempts } = counted(connection, { deferring: true });
  const [orders, codes] = [small(connection, 'orders'), small(connection, 'codes')];
  await Promise.all([orders, codes].map((each) => each.collection.createIndex({ at: 1 })));
  const wallet = (worker: number) => `wal_bench_${worker}`;
  const run = `${Date.now()}_${Math.random().toString(36).slice(2, 8)}`;
  for (let worker = 0; worker < workers; worker += 1) {
    const id = walletAccount(wallet(worker));
    if (await ledger.account(null, id)) continue;
    const account = { id, kind: 'USER_WALLET', currency: 'JPY', cap: null } as const;
    await inUnit((session) =>
      ledger.openAccount(session, { ...account, owner: `mem_${worker}`, wallet: wallet(worker) }),
    );
    await inUnit((session) =>
      ledger.post(session, {
        id: `top_${run}_${worker}`,
        kind: 'TOP_UP',
        wallet: wallet(worker),
        at: new Date(),
        legs: [debit('register-cash:bench', PLENTY), credit(id, PLENTY, { origin: 'cash' })],
        generation: 1,
        ref: {},
      }),
    );
  }
  let serial = 0;
  return {
    name: 'ledger',
    attempts,
    turn: (worker) => {
      serial += 1;
      const id = `pay_${run}_${serial}`;
      const at = new Date();
      return inUnit(async (session) => {
        assert(!(await findRow(orders, { _id: id }, session)), 'the number is new');
        await insertRow(codes, { _id: id, at }, session);
        const entry = await ledger.post(session, {
          id: `${id}:accept`,
          kind: 'PAYMENT',
          wallet: wallet(worker),
          at,
          legs: [
            debit(walletAccount(wallet(worker)), AMOUNT),
            credit('merchant-payable:bench', AMOUNT),
          ],
          generation: 1,
          ref: { paymentId: id },
        });
        assert(!isRefused(entry), 'there is plenty');
        const order = { _id: id, at, state: 'ACCEPTED', amount: int64(AMOUNT) };
        await insertRow(orders, order, session);
      });
    },
  };
}

/** Four small documents in a transaction and nothing else: an update and three inserts. */
export async function rawSide(connection: Connection, workers: number): Promise<LedgerSide> {
  const { inUnit, attempts } = counted(connection);
  const accounts = connection.collection<{ _id: number; n: bigint }>('raw_accounts');
  const rows = ['raw_entries', 'raw_orders', 'raw_codes'].map((name) =>
    connection.collection<{ _id: string }>(name),
  );
  await Promise.all(rows.map((each) => each.createIndex({ at: 1 })));
  for (let _id = 0; _id < workers; _id += 1) {
    await accounts.updateOne({ _id }, { $set: { n: int64(PLENTY) } }, { upsert: true });
  }
  const run = `${Date.now()}_${Math.random().toString(36).slice(2, 8)}`;
  let serial = 0;
  return {
    name: 'bare transactions',
    attempts,
    turn: (worker) => {
      serial += 1;
      const _id = `raw_${run}_${serial}`;
      const at = new Date();
      return inUnit(async (session) => {
        await accounts.updateOne({ _id: worker }, { $inc: { n: int64(-AMOUNT) } }, { session });
        for (const each of rows) await each.insertOne({ _id, at } as never, { session });
      });
    },
  };
}

/** The same four small documents sent in one command, as MongoDB 8 can take them: as bare as it gets. */
export async function bulkSide(connection: Connection, workers: number): Promise<LedgerSide> {
  const { inUnit, attempts } = counted(connection);
  const accounts = connection.collection<{ _id: number; n: bigint }>('bulk_accounts');
  const names = ['bulk_entries', 'bulk_orders', 'bulk_codes'];
  await Promise.all(names.map((name) => connection.collection(name).createIndex({ at: 1 })));
  for (let _id = 0; _id < workers; _id += 1) {
    await accounts.updateOne({ _id }, { $set: { n: int64(PLENTY) } }, { upsert: true });
  }
  const namespace = (name: string) => `${connection.name}.${name}`;
  const run = `${Date.now()}_${Math.random().toString(36).slice(2, 8)}`;
  let serial = 0;
  return {
    name: 'bare, one command',
    attempts,
    turn: (worker) => {
      serial += 1;
      const _id = `bulk_${run}_${serial}`;
      const at = new Date();
      return inUnit((session) =>
        connection.getClient().bulkWrite<Record<string, object>>(
          [
            {
              namespace: namespace('bulk_accounts'),
              name: 'updateOne',
              filter: { _id: worker } as never,
              update: { $inc: { n: int64(-AMOUNT) } },
            },
            ...names.map((name) => ({
              namespace: namespace(name),
              name: 'insertOne' as const,
              document: { _id, at } as never,
            })),
          ],
          { session },
        ),
      );
    },
  };
}

/** The classic form: every leg has a balance, and every payment updates that of the one merchant. */
export async function classicSide(connection: Connection, workers: number): Promise<LedgerSide> {
  const { inUnit, attempts } = counted(connection);
  const balances = connection.collection<{ _id: string; n: bigint }>('classic_balances');
  const entries = connection.collection<{ _id: string }>('classic_entries');
  await entries.createIndex({ at: 1 });
  for (let worker = 0; worker < workers; worker += 1) {
    await balances.updateOne(
      { _id: `w${worker}` },
      { $set: { n: int64(PLENTY) } },
      { upsert: true },
    );
  }
  await balances.updateOne({ _id: 'merchant' }, { $set: { n: int64(0) } }, { upsert: true });
  const run = `${Date.now()}_${Math.random().toString(36).slice(2, 8)}`;
  let serial = 0;
  return {
    name: 'classic',
    attempts,
    turn: (worker) => {
      serial += 1;
      const _id = `classic_${run}_${serial}`;
      const at = new Date();
      return inUnit(async (session) => {
        const { matchedCount } = await balances.updateOne(
          { _id: `w${worker}`, n: { $gte: int64(AMOUNT) } },
          { $inc: { n: int64(-AMOUNT) } },
          { session },
        );
        assert.equal(matchedCount, 1, 'there is plenty');
        await balances.updateOne({ _id: 'merchant' }, { $inc: { n: int64(AMOUNT) } }, { session });
        await entries.insertOne({ _id, at } as never, { session });
      });
    },
  };
}
