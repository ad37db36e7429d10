import { derivedId } from '@7pay/ids';
import { defineModel, findRows } from '@7pay/mongo';
import type { BusinessDate } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { LineKind, Party } from './result-file.ts';

/** What was matched once, and by which file: at most two for each top-up, taken and returned. */
interface MatchedLineDocument {
  _id: string;
  reconciliationId: string;
  /** Under which date the line of that file stood. */
  businessDate: string;
  at: Date;
}

const schema = new Schema<MatchedLineDocument>(
  {
    _id: { type: String, required: true },
    reconciliationId: { type: String, required: true },
    businessDate: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false },
);

export const matchedLineModel = (connection: Connection) =>
  defineModel(connection, 'wallet_reconciliationMatches', schema);

/** The same for every file of the party that tells of it. */
export const matchedLineId = (party: Party, ourId: string, kind: LineKind): string =>
  derivedId('rem', party, ourId, kind);

/** What was matched by any file. */
export function matchedLineStore(connection: Connection, session: ClientSession | null) {
  const lines = matchedLineModel(connection);
  return {
    /** Notes lines as matched by a file; what another file has matched stays so. */
    match: async (
      matched: readonly { readonly id: string; readonly businessDate: BusinessDate }[],
      by: { reconciliationId: string; at: Date },
    ) => {
      if (matched.length === 0) return;
      await lines.collection.bulkWrite(
        matched.map(({ id, businessDate }) => {
          const filter = { _id: id as never };
          const update = { $setOnInsert: { ...by, businessDate } };
          return { updateOne: { filter, update, upsert: true } };
        }),
        { ordered: false },
      );
    },
    /** By which file each was matched, and under which date. */
    matchedBy: async (
      ids: readonly string[],
    ): Promise<ReadonlyMap<string, { reconciliationId: string; businessDate: string }>> => {
      const rows = await findRows(lines, { _id: { $in: [...ids] } }, { session });
      return new Map(rows.map(({ _id, ...matched }) => [_id, matched]));
    },
  };
}
