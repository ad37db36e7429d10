import { defineModel, findRows, fromInt64, int64 } from '@7pay/mongo';
import type { BusinessDate } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Currency } from '../entry/journal-entry.ts';
import type { Rollup } from './rollup.ts';

interface RollupDocument {
  _id: string;
  acct: string;
  biz: string;
  ccy: Currency;
  dr: bigint;
  cr: bigint;
  count: bigint;
}

const long = { type: BigInt, required: true };
const text = { type: String, required: true };
const schema = new Schema<RollupDocument>(
  { _id: text, acct: text, biz: text, ccy: text, dr: long, cr: long, count: long },
  { versionKey: false },
).index({ acct: 1, biz: 1 });

export const rollupModel = (connection: Connection) =>
  defineModel(connection, 'ledger_rollups', schema);

/** The sums of the accounts that have no document of their own. */
export function rollupStore(connection: Connection, session: ClientSession | null) {
  const rollups = rollupModel(connection);
  const find = async (filter: Parameters<typeof findRows<RollupDocument>>[1]) =>
    (await findRows(rollups, filter, { session, sort: { acct: 1, biz: 1 } })).map(toRollup);
  return {
    /** Adds to what is there. */
    add: async (sums: readonly Rollup[]): Promise<void> => {
      if (sums.length === 0) return;
      await rollups.collection.bulkWrite(
        sums.map(({ account, businessDate, currency, debits, credits, count }) => ({
          updateOne: {
            filter: { _id: `${account}|${businessDate}` as never },
            update: {
              $setOnInsert: { acct: account, biz: businessDate, ccy: currency },
              $inc: { dr: int64(debits), cr: int64(credits), count: int64(count) },
            },
            upsert: true,
          },
        })),
        session ? { session } : {},
      );
    },
    ofAccount: (account: string) => find({ acct: account }),
    /**
     * The balance of an account without a document, up to the end of a business date: debits minus credits of all that
     * is sealed.
     */
    balance: async (account: string, until?: BusinessDate): Promise<number> => {
      const filter = { acct: account, ...(until === undefined ? {} : { biz: { $lte: until } }) };
      return (await find(filter)).reduce((sum, { debits, credits }) => sum + debits - credits, 0);
    },
    all: () => find({}),
  };
}

const toRollup = ({ acct, biz, ccy, dr, cr, count }: RollupDocument): Rollup => ({
  account: acct,
  businessDate: biz,
  currency: ccy,
  debits: fromInt64(dr),
  credits: fromInt64(cr),
  count: fromInt64(count),
});
