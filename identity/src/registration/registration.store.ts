import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { NewMember } from '../account/member.store.ts';
import type { Passkey } from '../login/passkey.ts';
import type { PendingRegistration } from './registration.ts';

export interface RegistrationStore {
  /** Keeps what somebody wants to be; what they began before in this browser is over. */
  begin(registration: PendingRegistration, until: Date): Promise<void>;
  find(uid: string, now: Date): Promise<PendingRegistration | null>;
  /** Takes it with the member that it becomes; false when it was taken, or begun anew. */
  take(registration: { uid: string; memberId: string }, session: ClientSession): Promise<boolean>;
}

interface RegistrationDocument {
  _id: string;
  memberId: string;
  member: NewMember;
  passkey: (Omit<Passkey, 'publicKey'> & { publicKey: string }) | null;
  until: Date;
}

const SWEPT_AFTER_SECONDS = 60; // a name and an address of nobody yet
const schema = new Schema<RegistrationDocument>(
  {
    _id: { type: String, required: true },
    memberId: { type: String, required: true },
    member: { type: Schema.Types.Mixed, required: true },
    passkey: { type: Schema.Types.Mixed, default: null },
    until: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
).index({ until: 1 }, { expireAfterSeconds: SWEPT_AFTER_SECONDS });

export const registrationModel = (connection: Connection) =>
  defineModel(connection, 'identity_registrations', schema);

/** Who registers and has not come back with the code yet, in the database. */
export function openRegistrationStore(connection: Connection): RegistrationStore {
  const registrations = registrationModel(connection);
  return {
    begin: async ({ uid: _id, member, passkey }, until) => {
      const kept = passkey && {
        ...passkey,
        publicKey: Buffer.from(passkey.publicKey).toString('base64url'),
      };
      const $set = { memberId: member.id, member, passkey: kept, until };
      await registrations.updateOne({ _id }, { $set }, { upsert: true });
    },
    find: async (uid, now) => {
      const row = await registrations.findOne({ _id: uid, until: { $gt: now } }).lean();
      if (!row) return null;
      const { member, passkey } = row;
      return {
        uid,
        member,
        passkey: passkey && {
          ...passkey,
          publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        },
      };
    },
    take: async ({ uid: _id, memberId }, session) =>
      (await registrations.deleteOne({ _id, memberId }, { session })).deletedCount === 1,
  };
}
