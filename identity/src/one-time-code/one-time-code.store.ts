import { defineModel } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';

export interface OneTimeCodeStore {
  /** Keeps a code in place of the one that waited. */
  put(key: string, code: { hash: string; tries: number; at: Date; until: Date }): Promise<void>;
  /** Takes one try off a waiting code before it is looked at; its hash, or null when none is left or it is over. */
  tryOnce(key: string, now: Date): Promise<string | null>;
  /** Uses the code up; false when somebody else did, or another one took its place. */
  spend(key: string, hash: string): Promise<boolean>;
  /** Forgets a code, as what was sent never arrived. */
  forget(key: string, hash: string): Promise<void>;
}

interface CodeDocument {
  _id: string;
  hash: string;
  triesLeft: number;
  until: Date;
  at: Date;
}

const SWEPT_AFTER_SECONDS = 24 * 60 * 60;

const schema = new Schema<CodeDocument>(
  {
    _id: { type: String, required: true },
    hash: { type: String, required: true },
    triesLeft: { type: Number, required: true },
    until: { type: Date, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false },
).index({ at: 1 }, { expireAfterSeconds: SWEPT_AFTER_SECONDS });

export const oneTimeCodeModel = (connection: Connection) =>
  defineModel(connection, 'identity_one_time_codes', schema);

/** The codes that wait. Each use is one conditional write: of many at once, one succeeds. */
export function openOneTimeCodeStore(connection: Connection): OneTimeCodeStore {
  const codes = oneTimeCodeModel(connection);
  return {
    put: async (_id, { hash, tries, at, until }) => {
      const $set = { hash, triesLeft: tries, until, at };
      await codes.updateOne({ _id }, { $set }, { upsert: true });
    },
    tryOnce: async (_id, now) => {
      const row = await codes
        .findOneAndUpdate(
          { _id, triesLeft: { $gt: 0 }, until: { $gt: now } },
          { $inc: { triesLeft: -1 } },
        )
        .lean();
      return row?.hash ?? null;
    },
    spend: async (_id, hash) => (await codes.deleteOne({ _id, hash })).deletedCount === 1,
    forget: async (_id, hash) => {
      await codes.deleteOne({ _id, hash });
    },
  };
}
