import { type UnitOfWork, unitOfWork } from '@7pay/mongo';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import type { Refused } from '@7pay/refusals';
import { businessDate } from '@7pay/time';
import { type AccountRefusal, walletAccount } from '../account/account.ts';
import type { Origin } from '../account/lots.ts';
import {
  credit,
  debit,
  type EntryPlan,
  type JournalEntry,
  type Leg,
  reversal,
} from '../entry/journal-entry.ts';
import { hashOf } from '../entry/canonical.ts';
import { journalModel, toDocument } from '../entry/journal-entry.store.ts';
import { accountSetPlan } from '../entry/plans.ts';
import { type Ledger, openLedger } from '../ledger.store.ts';
import { prepareLedger } from '../prepare-ledger.ts';

/** A ledger on a database of its own, and how its entries are written in tests. */
export interface TestLedger {
  readonly database: TestDatabase;
  readonly ledger: Ledger;
  readonly inUnit: UnitOfWork;
  /** Opens an empty wallet; returns its id. */
  openWallet(wallet: string, cap?: number | null): Promise<string>;
  post(plan: EntryPlan): Promise<JournalEntry | Refused<AccountRefusal>>;
}

export async function testLedger(name: string): Promise<TestLedger> {
  const database = await testDatabase(name);
  await prepareLedger(database.connection);
  const ledger = openLedger(database.connection);
  const inUnit = unitOfWork(database.connection, { deadlineMs: 10_000 });
  return {
    database,
    ledger,
    inUnit,
    openWallet: async (wallet, cap = 100_000) => {
      await inUnit((session) =>
        ledger.openAccount(session, {
          id: walletAccount(wallet),
          kind: 'USER_WALLET',
          currency: 'JPY',
          owner: `mem_${wallet}`,
          wallet,
          cap,
        }),
      );
      return wallet;
    },
    post: (plan) => inUnit((session) => ledger.post(session, plan)),
  };
}

const common = { at: new Date('2019-07-01T03:00:00Z'), generation: 1, ref: {} } as const;

/** Cash (or another origin) into a wallet. */
export const topUp = (
  id: string,
  wallet: string,
  amount: number,
  origin: Origin = 'cash',
): EntryPlan => ({
  ...common,
  id,
  kind: 'TOP_UP',
  wallet,
  legs: [debit('clearing:register', amount), credit(walletAccount(wallet), amount, { origin })],
});

/** What somebody could write who gets past the ledger: cash into an account, hashed, and left out of its chain. */
export async function plantUnchained(
  { database }: TestLedger,
  { id, account, amount }: { id: string; account: string; amount: number },
): Promise<void> {
  const said = {
    ...common,
    id,
    kind: 'TOP_UP' as const,
    wallet: 'wal_a',
    businessDate: businessDate(common.at),
    legs: [debit('clearing:register', amount), credit(account, amount)],
    stands: [],
  };
  const entry = toDocument({ ...said, hash: hashOf(said) });
  await journalModel(database.connection).collection.insertOne(entry as never);
}

/** A purchase at a merchant. */
export const payment = (id: string, wallet: string, amount: number): EntryPlan => ({
  ...common,
  id,
  kind: 'PAYMENT',
  wallet,
  legs: [debit(walletAccount(wallet), amount), credit('merchant:mer_1', amount)],
});

/** The purchase undone, lot by lot. */
export const cancel = (paid: {
  readonly id: string;
  readonly wallet: string;
  readonly legs: readonly Leg[];
}): EntryPlan => ({
  ...common,
  id: `${paid.id}:cancel`,
  kind: 'PAYMENT_CANCEL',
  wallet: paid.wallet,
  legs: reversal(paid.legs),
  givesBack: true,
  reverses: { entry: paid.id, n: 1 },
});

/** A wallet that may pay no more. */
export const freeze = (id: string, wallet: string): EntryPlan =>
  accountSetPlan({ ...common, id, wallet }, { account: walletAccount(wallet), status: 'FROZEN' });
