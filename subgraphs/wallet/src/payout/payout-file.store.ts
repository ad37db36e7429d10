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
import type { BusinessDate } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { PayoutFile, PayoutFileState } from './payout-file.ts';

type FileDocument = Omit<PayoutFile, 'id' | 'count' | 'total'> & {
  _id: string;
  count: bigint;
  total: bigint;
};

const text = { type: String, required: true };
const maybe = { type: String, default: null };
const schema = new Schema<FileDocument>(
  {
    _id: text,
    number: text,
    transferDate: text as never,
    state: text,
    count: { type: BigInt, required: true },
    total: { type: BigInt, required: true },
    preparedBy: text,
    preparedAt: { type: Date, required: true },
    approvedBy: maybe,
    approvedAt: { type: Date, default: null },
    writtenAt: { type: Date, default: null },
    sender: { type: Schema.Types.Mixed, default: null },
    content: maybe,
  },
  { versionKey: false },
)
  .index({ number: 1 }, { unique: true })
  .index({ transferDate: 1 })
  .index({ preparedAt: -1, _id: -1 })
  // One file is filled at a time: whoever goes on after a crash finds it.
  .index({ state: 1 }, { unique: true, partialFilterExpression: { state: 'FILLING' } });

export const payoutFileModel = (connection: Connection) =>
  defineModel(connection, 'wallet_payoutFiles', schema);

/** The files of payouts. */
export function payoutFileStore(connection: Connection, session: ClientSession | null) {
  const files = payoutFileModel(connection);
  const find = async (filter: Parameters<typeof findRows<FileDocument>>[1]) =>
    (await findRows(files, filter, { session, sort: { number: 1 } })).map(toFile);
  return {
    find: async (id: string): Promise<PayoutFile | null> => {
      const row = await findRow(files, { _id: id }, session);
      return row && toFile(row);
    },
    numbered: async (number: string): Promise<PayoutFile | null> =>
      (await find({ number }))[0] ?? null,
    findMany: (ids: readonly string[]) => find({ _id: { $in: [...ids] } }),
    /** The one that is being filled. */
    filling: async (): Promise<PayoutFile | null> => (await find({ state: 'FILLING' }))[0] ?? null,
    ofDay: (transferDate: BusinessDate) => find({ transferDate }),
    ofDays: (dates: readonly BusinessDate[]) => find({ transferDate: { $in: [...dates] } }),
    inStates: (states: readonly PayoutFileState[]) => find({ state: { $in: [...states] } }),
    insert: (file: PayoutFile): Promise<void> => insertRow(files, toDocument(file), session),
    /** Changes a file from how it was read. */
    change: (before: PayoutFile, after: PayoutFile): Promise<void> => {
      const { _id, ...fields } = toDocument(after);
      return updateRow(
        files,
        { _id, state: before.state, count: int64(before.count) },
        { $set: fields },
        { session, otherwise: 'a file of payouts moved between its read and its update' },
      );
    },
    page: async (place: PagePlace): Promise<Page<PayoutFile>> => {
      const { rows, more } = await findPage(files, {}, { field: 'preparedAt', ...place });
      return { rows: rows.map(toFile), more };
    },
  };
}

export const payoutFileSortKey = ({ preparedAt, id }: PayoutFile): string =>
  placeOf(preparedAt, id);

const toDocument = ({ id, count, total, ...file }: PayoutFile): FileDocument => ({
  _id: id,
  ...file,
  count: int64(count),
  total: int64(total),
});

const toFile = ({ _id, count, total, ...file }: FileDocument): PayoutFile => ({
  id: _id,
  ...file,
  count: fromInt64(count),
  total: fromInt64(total),
});
