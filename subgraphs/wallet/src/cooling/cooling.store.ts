import { defineModel, findRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Cooling } from './cooling.ts';

interface CoolingDocument {
  /** The member, who may have no wallet yet. */
  _id: string;
  since: Date;
  until: Date;
}

const schema = new Schema<CoolingDocument>(
  {
    _id: { type: String, required: true },
    since: { type: Date, required: true },
    until: { type: Date, required: true },
  },
  { versionKey: false },
).index({ until: 1 }, { expireAfterSeconds: 86_400 });

export const coolingModel = (connection: Connection) =>
  defineModel(connection, 'wallet_coolings', schema);

/** Whose money stays low, and until when. */
export function coolingStore(connection: Connection) {
  const coolings = coolingModel(connection);
  return {
    /** Read outside of a unit of work: what has begun is not taken back, and a payment waits for nothing. */
    of: async (memberId: string, at: Date): Promise<Cooling | null> => {
      const row = await findRow(coolings, { _id: memberId, until: { $gt: at } });
      return row && { memberId, since: row.since, until: row.until };
    },
    /** The latest end counts, in whatever order and however often it is told. */
    begin: async ({ memberId: _id, since, until }: Cooling, session: ClientSession | null) => {
      const $max = { since, until };
      await coolings.updateOne({ _id }, { $max }, { upsert: true, ...(session && { session }) });
    },
  };
}
