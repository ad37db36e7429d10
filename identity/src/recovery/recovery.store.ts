import { createHmac } from 'node:crypto';
import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Recovery, SentTo } from './recovery.ts';

export interface RecoveryStore {
  /** Begins for what was typed, known or not; what was begun for it elsewhere is over. */
  begin(recovery: { uid: string; typed: string; until: Date }): Promise<void>;
  find(uid: string, now: Date): Promise<Recovery | null>;
  /** Notes whose it is and where a code goes. False when it was begun anew meanwhile: then no code goes out. */
  address(
    recovery: { uid: string; typed: string | null },
    found: { memberId: string; sentTo: SentTo },
  ): Promise<boolean>;
  /** The code has come back. False when it had before, or another one was sent meanwhile. */
  prove(
    recovery: { uid: string; memberId: string; sentTo: SentTo },
    proof: readonly string[],
    until: Date,
  ): Promise<boolean>;
  /** Takes it with what follows from it; false when it was taken, or revoked. */
  take(recovery: { uid: string; memberId: string }, session: ClientSession): Promise<boolean>;
  /** Ends whatever is open for a member. */
  revoke(memberId: string, session: ClientSession): Promise<void>;
}

interface RecoveryDocument {
  _id: string;
  /** What was typed, as a digest. */
  subject: string;
  memberId: string | null;
  sentTo: SentTo | null;
  proof: string[];
  until: Date;
}

const schema = new Schema<RecoveryDocument>(
  {
    _id: { type: String, required: true },
    subject: { type: String, required: true },
    memberId: { type: String, default: null },
    sentTo: { type: Schema.Types.Mixed, default: null },
    proof: { type: [String], required: true },
    until: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
)
  .index({ subject: 1 })
  .index({ memberId: 1 })
  .index({ until: 1 }, { expireAfterSeconds: 3_600 });

export const recoveryModel = (connection: Connection) =>
  defineModel(connection, 'identity_recoveries', schema);

/** @param secret keeps what was typed out of the database */
export function openRecoveryStore(connection: Connection, secret: string): RecoveryStore {
  const recoveries = recoveryModel(connection);
  const subjectOf = (typed: string) =>
    createHmac('sha256', secret).update(`recovery|${typed}`).digest('base64url');
  return {
    begin: async ({ uid: _id, typed, until }) => {
      const subject = subjectOf(typed);
      const $set = { subject, memberId: null, sentTo: null, proof: [], until };
      await recoveries.updateOne({ _id }, { $set }, { upsert: true });
      await recoveries.deleteMany({ subject, _id: { $ne: _id } }); // in this order: two at once leave one at most
    },
    find: async (uid, now) => {
      const row = await recoveries.findOne({ _id: uid, until: { $gt: now } }).lean();
      return row && toRecovery(row);
    },
    address: async ({ uid: _id, typed }, { memberId, sentTo }) => {
      const filter = { _id, proof: [], ...(typed !== null && { subject: subjectOf(typed) }) };
      const noted = await recoveries.updateOne(filter, { $set: { memberId, sentTo } });
      return noted.matchedCount === 1;
    },
    prove: async ({ uid: _id, memberId, sentTo }, proof, until) => {
      const filter = { _id, memberId, 'sentTo.address': sentTo.address, proof: [] };
      const proven = await recoveries.updateOne(filter, { $set: { proof: [...proof], until } });
      return proven.matchedCount === 1;
    },
    take: async ({ uid: _id, memberId }, session) =>
      (await recoveries.deleteOne({ _id, memberId }, { session })).deletedCount === 1,
    revoke: async (memberId, session) => {
      await recoveries.deleteMany({ memberId }, { session });
    },
  };
}

const toRecovery = ({ _id, memberId, sentTo, proof }: RecoveryDocument): Recovery => ({
  uid: _id,
  memberId,
  sentTo,
  proof,
});
