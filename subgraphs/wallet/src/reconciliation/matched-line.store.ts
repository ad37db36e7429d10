import { derivedId } from '@7pay/ids';
import { defineModel, findRows } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { LineKind, Party } from './result-file.ts';

/** What was matched once, and by which file: at most two for each top-up, taken and returned. */
interface MatchedLineDocument {
  _id: string;
  reconciliationId: string;
  at: Date;
}

const schema = new Schema<MatchedLineDocument>(
  {
    _id: { type: String, required: true },
    reconciliationId: { type: String, required: true },
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
    match: async (ids: readonly string[], by: { reconciliationId: string; at: Date }) => {
      if (ids.length === 0) return;
      await lines.collection.bulkWrite(
        ids.map((id) => {
          const filter = { _id: id as never };
          return { updateOne: { filter, update: { $setOnInsert: by }, upsert: true } };
        }),
        { ordered: false },
      );
    },
    /** By which file each was matched. */
    matchedBy: async (ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
      const rows = await findRows(lines, { _id: { $in: [...ids] } }, { session });
      return new Map(rows.map(({ _id, reconciliationId }) => [_id, reconciliationId]));
    },
  };
}
