import { defineModel } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';
import type { Channel } from '../contact/contact.ts';

/** A person who proves themselves by a contact because their provider is stopped. One for each browser. */
export interface CarryOver {
  /** A digest of the browser's cookie. */
  readonly id: string;
  /** Whose contact it is; null until that was looked up, and when the address is nobody's, which nobody is told. */
  readonly memberId: string | null;
  readonly channel: Channel;
  readonly address: string;
  /** Whether it is the login ID of the account, which nobody has proven: then everything set before is void. */
  readonly reclaims: boolean;
  /** When the code came back; null until then. */
  readonly provenAt: Date | null;
}

export interface CarryOverStore {
  begin(carryOver: Omit<CarryOver, 'provenAt' | 'memberId'>, until: Date): Promise<void>;
  /** Notes whose contact it is; false when this browser has begun anew meanwhile, with another one. */
  address(
    begun: Pick<CarryOver, 'id' | 'channel' | 'address' | 'reclaims'>,
    memberId: string,
  ): Promise<boolean>;
  find(id: string, now: Date): Promise<CarryOver | null>;
  /**
   * For the contact whose code came back; false when this browser has begun anew meanwhile, with another one.
   */
  prove(
    proven: Pick<CarryOver, 'id' | 'memberId' | 'channel' | 'address'>,
    at: Date,
  ): Promise<boolean>;
  end(id: string): Promise<void>;
}

interface CarryOverDocument extends Omit<CarryOver, 'id'> {
  _id: string;
  expiresAt: Date;
  begunAt: Date;
}

const SWEPT_AFTER_SECONDS = 60 * 60;

const text = { type: String, required: true } as const;
const schema = new Schema<CarryOverDocument>(
  {
    _id: text,
    memberId: { type: String, default: null },
    channel: { type: String, enum: ['mail', 'sms'], required: true },
    address: text,
    reclaims: { type: Boolean, default: false },
    provenAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
    begunAt: Date,
  },
  { versionKey: false },
);
// Swept by the database's own clock; whether one is over is judged by ours.
schema.index({ begunAt: 1 }, { expireAfterSeconds: SWEPT_AFTER_SECONDS });

export const carryOverModel = (connection: Connection) =>
  defineModel(connection, 'identity_carryOvers', schema);

export function openCarryOverStore(connection: Connection): CarryOverStore {
  const carryOvers = carryOverModel(connection);
  return {
    begin: async ({ id, ...rest }, expiresAt) => {
      const $set = { ...rest, memberId: null, provenAt: null, expiresAt };
      const update = { $set, $currentDate: { begunAt: true } } as const;
      await carryOvers.updateOne({ _id: id }, update, { upsert: true });
    },
    address: async ({ id, channel, address, reclaims }, memberId) => {
      const begun = { _id: id, channel, address, reclaims, provenAt: null };
      return (await carryOvers.updateOne(begun, { $set: { memberId } })).matchedCount === 1;
    },
    find: async (id, now) => {
      const row = await carryOvers.findById(id).lean();
      if (!row || row.expiresAt <= now) return null;
      const { memberId, channel, address, reclaims, provenAt } = row;
      return { id, memberId, channel, address, reclaims, provenAt };
    },
    prove: async ({ id, memberId, channel, address }, provenAt) => {
      const unproven = { _id: id, memberId, channel, address, provenAt: null };
      return (await carryOvers.updateOne(unproven, { $set: { provenAt } })).matchedCount === 1;
    },
    end: async (id) => {
      await carryOvers.deleteOne({ _id: id });
    },
  };
}
