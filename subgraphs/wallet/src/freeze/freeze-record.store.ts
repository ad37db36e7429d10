import { defineModel, findRows, fromInt64, insertRow, int64 } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { FreezeRecord } from './freeze.ts';

type FreezeDocument = Omit<FreezeRecord, 'id' | 'n'> & { _id: string; n: bigint };

const text = { type: String, required: true };
const schema = new Schema<FreezeDocument>(
  {
    _id: text,
    walletId: text,
    n: { type: BigInt, required: true },
    action: text,
    side: text,
    actor: text,
    at: { type: Date, required: true },
    reason: { type: Schema.Types.Mixed, default: null },
  } as never,
  { versionKey: false },
).index({ walletId: 1, n: 1 }, { unique: true });

export const freezeRecordModel = (connection: Connection) =>
  defineModel(connection, 'wallet_freezeRecords', schema);

/** The record of who froze and thawed which wallet. */
export function freezeRecordStore(connection: Connection, session: ClientSession | null) {
  const records = freezeRecordModel(connection);
  return {
    /** What was done to a wallet, newest first. */
    ofWallet: async (walletId: string, limit: number): Promise<FreezeRecord[]> => {
      const rows = await findRows(records, { walletId }, { session, sort: { n: -1 }, limit });
      return rows.map(({ _id, n, ...record }) => ({ id: _id, n: fromInt64(n), ...record }));
    },
    append: async ({ id, n, ...record }: FreezeRecord): Promise<void> => {
      await insertRow(records, { _id: id, ...record, n: int64(n) }, session);
    },
  };
}
