import type { Page } from '@7pay/graphql';
import {
  defineModel,
  findPage,
  findRow,
  findRows,
  fromInt64,
  insertRow,
  int64,
  type PagePlace,
  placeOf,
  updateRow,
} from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Payout, PayoutState } from './payout.ts';

type PayoutDocument = Omit<Payout, 'id' | 'amount' | 'line'> & {
  _id: string;
  amount: bigint;
  line: bigint | null;
};

const text = { type: String, required: true };
const maybe = { type: String, default: null };
const schema = new Schema<PayoutDocument>(
  {
    _id: text,
    merchantId: text,
    batchId: text,
    part: { type: Number, required: true },
    attempt: { type: Number, required: true },
    amount: { type: BigInt, required: true },
    state: text,
    createdAt: { type: Date, required: true },
    fileId: maybe,
    line: { type: BigInt, default: null },
    account: { type: Schema.Types.Mixed, default: null },
    paidBy: maybe,
    returnedBy: maybe,
    decidedBy: maybe,
    decidedAt: { type: Date, default: null },
    note: { type: String, default: '' },
  },
  { versionKey: false, minimize: false },
)
  .index({ state: 1, _id: 1 })
  .index({ batchId: 1 })
  .index({ state: 1, createdAt: -1, _id: -1 })
  .index({ merchantId: 1, createdAt: -1, _id: -1 })
  // A place in a file is taken once.
  .index(
    { fileId: 1, line: 1 },
    { unique: true, partialFilterExpression: { line: { $exists: true, $type: 'long' } } },
  );

export const payoutModel = (connection: Connection) =>
  defineModel(connection, 'wallet_payouts', schema);

/** The payouts. */
export function payoutStore(connection: Connection, session: ClientSession | null) {
  const payouts = payoutModel(connection);
  const find = async (filter: Parameters<typeof findRows<PayoutDocument>>[1], limit?: number) => {
    const paging = limit === undefined ? {} : { limit };
    const rows = await findRows(payouts, filter, { session, sort: { _id: 1 }, ...paging });
    return rows.map(toPayout);
  };
  return {
    find: async (id: string): Promise<Payout | null> => {
      const row = await findRow(payouts, { _id: id }, session);
      return row && toPayout(row);
    },
    findMany: (ids: readonly string[]) => find({ _id: { $in: [...ids] } }),
    insert: (payout: Payout): Promise<void> => insertRow(payouts, toDocument(payout), session),
    /** Changes a payout from how it was read. */
    change: (before: Payout, after: Payout): Promise<void> => {
      const { _id, ...fields } = toDocument(after);
      return updateRow(
        payouts,
        { _id, state: before.state },
        { $set: fields },
        { session, otherwise: 'a payout moved between its read and its update' },
      );
    },
    /** Those that are due, in order of their ids, behind one. */
    due: (after: string, limit: number) => find({ state: 'DUE', _id: { $gt: after } }, limit),
    ofFile: (fileId: string) => find({ fileId }),
    ofBatches: (batchIds: readonly string[]) => find({ batchId: { $in: [...batchIds] } }),
    page: async (
      of: { readonly state: PayoutState | null; readonly merchantId: string | null },
      place: PagePlace,
    ): Promise<Page<Payout>> => {
      const filter = {
        ...(of.state === null ? {} : { state: of.state }),
        ...(of.merchantId === null ? {} : { merchantId: of.merchantId }),
      };
      const { rows, more } = await findPage(payouts, filter, { field: 'createdAt', ...place });
      return { rows: rows.map(toPayout), more };
    },
  };
}

export const payoutSortKey = ({ createdAt, id }: Payout): string => placeOf(createdAt, id);

const toDocument = ({ id, amount, line, ...payout }: Payout): PayoutDocument => ({
  _id: id,
  ...payout,
  amount: int64(amount),
  line: line === null ? null : int64(line),
});

const toPayout = ({ _id, amount, line, ...payout }: PayoutDocument): Payout => ({
  id: _id,
  ...payout,
  amount: fromInt64(amount),
  line: line === null ? null : fromInt64(line),
});
