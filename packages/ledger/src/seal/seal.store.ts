import {
  defineModel,
  findRow,
  findRows,
  fromInt64,
  inSession,
  insertRow,
  int64,
  type ResumeToken,
} from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Seal } from './seal.ts';

interface SealDocument {
  _id: bigint;
  at: Date;
  entries: string[];
  total: bigint;
  root: string;
  prev: string;
  hash: string;
  keyId: string;
  signature: string;
  /** Where the change stream of the journal goes on; null when the entries were found by reading the journal. */
  token: ResumeToken | null;
}

const text = { type: String, required: true };
const schema = new Schema<SealDocument>(
  {
    _id: { type: BigInt, required: true },
    at: { type: Date, required: true },
    entries: { type: [String], required: true },
    total: { type: BigInt, required: true },
    root: text,
    prev: { type: String, default: '' },
    hash: text,
    keyId: text,
    signature: text,
    token: { type: Schema.Types.Mixed, default: null },
  },
  { versionKey: false, minimize: false },
).index({ entries: 1 }, { unique: true }); // an entry is sealed once

export const sealModel = (connection: Connection) =>
  defineModel(connection, 'ledger_seals', schema);

/** A seal, and where the change stream goes on behind its entries. */
export interface StoredSeal extends Seal {
  readonly token: ResumeToken | null;
}

/** The seals of the journal. */
export function sealStore(connection: Connection, session: ClientSession | null) {
  const seals = sealModel(connection);
  return {
    latest: async (): Promise<StoredSeal | null> => {
      const [row] = await findRows(seals, {}, { session, sort: { _id: -1 }, limit: 1 });
      return row ? toSeal(row) : null;
    },
    /** The seals behind a number, in order; at most so many. */
    behind: async (n: number, limit: number): Promise<readonly StoredSeal[]> => {
      const filter = { _id: { $gt: int64(n) } };
      return (await findRows(seals, filter, { session, sort: { _id: 1 }, limit })).map(toSeal);
    },
    /** The seal that closed an entry; null while it is not sealed. */
    of: async (entryId: string): Promise<StoredSeal | null> => {
      const row = await findRow(seals, { entries: entryId }, session);
      return row ? toSeal(row) : null;
    },
    /** Which of the entries are sealed. */
    sealedOf: async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
      const rows = await findRows(seals, { entries: { $in: [...ids] } }, { session });
      return new Set(rows.flatMap(({ entries }) => entries));
    },
    insert: async ({ n, total, entries, ...seal }: StoredSeal): Promise<void> => {
      const document = { _id: int64(n), total: int64(total), entries: [...entries], ...seal };
      await insertRow(seals, document, session);
    },
    /** All of them, in order. */
    async *all(): AsyncGenerator<StoredSeal> {
      const cursor = seals.collection.find({}, inSession(session)).sort({ _id: 1 });
      for await (const row of cursor) yield toSeal(row as never);
    },
  };
}

const toSeal = ({ _id, total, ...seal }: SealDocument): StoredSeal => ({
  ...seal,
  n: fromInt64(_id),
  total: fromInt64(total),
});
