import { createHmac } from 'node:crypto';
import { defineModel, isDuplicateKey } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';
import type { Channel } from '../contact/contact.ts';

/** How many messages go to whom. */
export interface MessageBudget {
  /**
   * Takes one message to this address off all its budgets; false when one is used up. A database that cannot count
   * throws: what is not counted is not sent.
   */
  spend(to: { channel: Channel; address: string }, now: Date): Promise<boolean>;
  /** A code that was sent there has come back: the numbers around it belong to people. */
  proven(to: { channel: Channel; address: string }, now: Date): Promise<void>;
}

interface CountDocument {
  _id: string;
  sent: number;
  proven: number;
  at: Date;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const SWEPT_AFTER_SECONDS = 2 * 24 * 60 * 60;

// Per recipient: enough for a person who mistypes, too few to annoy anybody.
const PER_HOUR = 5;
const PER_DAY = 10;
// Per ten thousand telephone numbers in a row: whoever earns by SMS owns them, and proves none (SMS pumping).
const BLOCK_PER_HOUR = 50;
const PROVEN_IN_TEN = 2;

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

/** Counters in the database, shared by all processes. `secret` keeps addresses out of them. */
export function openMessageBudget(connection: Connection, secret: string): MessageBudget {
  const counts = messageCountModel(connection);
  const name = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
  const windowed = (text: string, now: Date, length: number) =>
    `${name(text)}|${Math.floor(now.getTime() / length)}`;
  const blockOf = (address: string, now: Date) =>
    windowed(`block|${address.slice(0, -4)}`, now, HOUR);

  // One conditional upsert: past the limit it would insert a second document with the same id, and fails.
  const count = async (_id: string, now: Date, within: object): Promise<boolean> => {
    try {
      await counts.updateOne(
        { _id, ...within },
        { $inc: { sent: 1 }, $setOnInsert: { proven: 0, at: now } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  };

  return {
    spend: async ({ channel, address }, now) => {
      const recipient = `${channel}|${address}`;
      const inBlock = {
        $or: [
          { sent: { $lt: BLOCK_PER_HOUR } },
          {
            $expr: {
              $gte: [{ $multiply: ['$proven', 10] }, { $multiply: ['$sent', PROVEN_IN_TEN] }],
            },
          },
        ],
      };
      return (
        (await count(windowed(`hour|${recipient}`, now, HOUR), now, { sent: { $lt: PER_HOUR } })) &&
        (await count(windowed(`day|${recipient}`, now, DAY), now, { sent: { $lt: PER_DAY } })) &&
        (channel === 'mail' || (await count(blockOf(address, now), now, inBlock)))
      );
    },
    proven: async ({ channel, address }, now) => {
      if (channel === 'mail') return;
      await counts.updateOne({ _id: blockOf(address, now) }, { $inc: { proven: 1 } });
    },
  };
}
