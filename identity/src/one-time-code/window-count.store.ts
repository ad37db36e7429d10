import { createHmac } from 'node:crypto';
import { defineModel, isDuplicateKey } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';

interface CountDocument {
  _id: string;
  sent: number;
  proven: number;
  at: Date;
}

const SWEPT_AFTER_SECONDS = 2 * 24 * 60 * 60;

const schema = new Schema<CountDocument>(
  {
    _id: { type: String, required: true },
    sent: { type: Number, required: true },
    proven: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false },
).index({ at: 1 }, { expireAfterSeconds: SWEPT_AFTER_SECONDS });

export const messageCountModel = (connection: Connection) =>
  defineModel(connection, 'identity_message_counts', schema);

/** Counters of one window of time each, shared by all processes. */
export interface WindowCounts {
  /** The counter of what is named, in the window of this length that `now` is in. Names are kept as digests. */
  idOf(name: string, now: Date, lengthMs: number): string;
  /**
   * Takes one off, unless `within` does not hold any more. A database that cannot count throws: what is not counted is
   * not done.
   */
  take(id: string, now: Date, within: object): Promise<boolean>;
  /** What was taken did not count after all. */
  giveBack(id: string): Promise<void>;
  proven(id: string): Promise<void>;
}

/** @param secret keeps addresses out of the database */
export function openWindowCounts(connection: Connection, secret: string): WindowCounts {
  const counts = messageCountModel(connection);
  const digestOf = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
  return {
    idOf: (name, now, lengthMs) => `${digestOf(name)}|${Math.floor(now.getTime() / lengthMs)}`,
    // One conditional upsert: past the limit it would insert a second document with the same id, and fails.
    take: async (_id, now, within) => {
      try {
        await counts.updateOne(
          { _id, ...within },
          { $inc: { sent: 1 }, $setOnInsert: { proven: 0, at: now } },
          { upsert: true },
        );
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Past the limit; or somebody else opened the window in this very moment, and there is room.
        const counted = await counts.updateOne({ _id, ...within }, { $inc: { sent: 1 } });
        return counted.matchedCount === 1;
      }
    },
    giveBack: async (_id) => {
      await counts.updateOne({ _id, sent: { $gt: 0 } }, { $inc: { sent: -1 } });
    },
    proven: async (_id) => {
      await counts.updateOne({ _id }, { $inc: { proven: 1 } });
    },
  };
}
