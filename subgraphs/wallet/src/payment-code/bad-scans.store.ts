import { defineModel, findRow, fromInt64, insertRow, int64, updateRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { BadScans } from './bad-scans.ts';

interface BadScansDocument {
  _id: string;
  since: Date;
  count: bigint;
  lockedUntil: Date | null;
}

const KEPT_SECONDS = 60 * 60;
const schema = new Schema<BadScansDocument>(
  {
    _id: { type: String, required: true },
    since: { type: Date, required: true },
    count: { type: BigInt, required: true },
    lockedUntil: { type: Date, default: null },
  },
  { versionKey: false },
).index({ since: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const badScansModel = (connection: Connection) =>
  defineModel(connection, 'wallet_bad_scans', schema);

/** The counts of unknown codes, by terminal: in the database, so that all processes count together. */
export function badScansStore(connection: Connection, session: ClientSession | null) {
  const counts = badScansModel(connection);
  return {
    of: async (terminalId: string): Promise<BadScans | null> => {
      const row = await findRow(counts, { _id: terminalId }, session);
      if (!row) return null;
      const { _id, count, ...scans } = row;
      return { terminalId: _id, count: fromInt64(count), ...scans };
    },
    write: (before: BadScans | null, { terminalId, count, ...scans }: BadScans): Promise<void> =>
      before
        ? updateRow(
            counts,
            { _id: terminalId },
            { $set: { ...scans, count: int64(count) } },
            { session, otherwise: 'a count that was read is there' },
          )
        : insertRow(counts, { _id: terminalId, ...scans, count: int64(count) }, session),
  };
}
