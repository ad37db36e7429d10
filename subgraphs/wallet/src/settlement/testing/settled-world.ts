import { generateKeyPairSync } from 'node:crypto';
import {
  credit,
  debit,
  type JournalEntry,
  openLedger,
  prepareLedger,
  sealEntries,
  sealKey,
} from '@7pay/ledger';
import { unitOfWork } from '@7pay/mongo';
import { isRefused } from '@7pay/refusals';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { merchantPayable } from '../../payment/payment-entries.ts';
import { prepareWallet } from '../../prepare.ts';
import { closeBatches } from '../close-batches.ts';
import { collectItems } from '../collect-items.ts';
import type { FeeRate } from '../fee-rates.ts';
import { openSettlementUnitOfWork } from '../settlement-work.ts';

/** Half a percent less from 3 July on: a refund of an earlier payment is to know the rate before. */
export const TEST_RATES: readonly FeeRate[] = [
  { from: '2019-07-01', basisPoints: 150 },
  { from: '2019-07-03', basisPoints: 100 },
];

/** A database with payments of merchants, and the verbs of settlement on it. */
export async function settledWorld(name: string) {
  const database: TestDatabase = await testDatabase(name);
  const { connection } = database;
  await prepareLedger(connection);
  await prepareWallet(connection);
  const clock = fixedClock('2019-07-01T01:00:00Z');
  const ledger = openLedger(connection);
  const inUnit = unitOfWork(connection, { deadlineMs: 10_000 });
  const settling = openSettlementUnitOfWork(connection);
  const collect = collectItems(settling, TEST_RATES);
  const seal = sealEntries(connection, sealKey(generateKeyPairSync('ed25519').privateKey), clock);
  const unsealed: JournalEntry[] = [];
  let serial = 0;
  const post = async (
    merchantId: string,
    legs: (payable: string) => JournalEntry['legs'],
    more: { at?: Date; reverses?: { entry: string; n: number } } = {},
  ): Promise<JournalEntry> => {
    serial += 1;
    const entry = await inUnit((session) =>
      ledger.post(session, {
        id: `pay_${name}_${serial}`,
        kind: more.reverses ? 'PAYMENT_REFUND' : 'PAYMENT',
        wallet: `wal_${serial % 7}`,
        at: more.at ?? clock.now(),
        legs: legs(merchantPayable(merchantId)),
        generation: 1,
        ref: { paymentId: `pay_${serial}`, storeId: 'sto_1' },
        ...(more.reverses ? { reverses: more.reverses } : {}),
      }),
    );
    if (isRefused(entry)) throw new Error(entry.refused);
    unsealed.push(entry);
    return entry;
  };
  return {
    database,
    clock,
    settling,
    ledger,
    inUnit,
    /** A payment that was booked so long ago, and committed now. */
    pay: (merchantId: string, amount: number, lateMs = 0) =>
      post(merchantId, (payable) => [debit('cash:test', amount), credit(payable, amount)], {
        at: new Date(clock.now().getTime() - lateMs),
      }),
    refund: (merchantId: string, amount: number, entry: string, n: number) =>
      post(merchantId, (payable) => [debit(payable, amount), credit('cash:test', amount)], {
        reverses: { entry, n },
      }),
    /** Seals the first so many that are not sealed; all unless told. */
    seal: async (count = unsealed.length) => {
      const some = unsealed.splice(0, count);
      if (some.length > 0) await seal(some, null);
    },
    collectAll: async () => {
      while (await collect());
    },
    close: closeBatches(settling, () => 1, clock),
    /** To a quarter past midnight of the next day in Tokyo. */
    nextDay: () => {
      const day = 86_400_000;
      const tokyo = clock.now().getTime() + 9 * 3_600_000;
      clock.advance(day - (tokyo % day) + 15 * 60_000);
    },
  };
}
export type SettledWorld = Awaited<ReturnType<typeof settledWorld>>;
