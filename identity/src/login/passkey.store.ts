import { digest } from '@7pay/ids';
import { defineModel, isDuplicateKey } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { Passkey } from './passkey.ts';

/** A ceremony that waits for its answer. One per interaction and purpose; used once. Showing a passkey needs none. */
export interface Ceremony {
  readonly challenge: string;
  /** The member the ceremony is for: who registers, or who must confirm; null when anybody may log in. */
  readonly memberId: string | null;
}

export type CeremonyPurpose = 'enrol' | 'register';

export interface PasskeyStore {
  find(id: string): Promise<Passkey | null>;
  ofMember(memberId: string): Promise<Passkey[]>;
  ofMembers(memberIds: readonly string[]): Promise<Passkey[]>;
  countOf(memberId: string, session: ClientSession): Promise<number>;
  /** Adds a passkey; false when its id is there already. */
  insert(passkey: Passkey, session: ClientSession): Promise<boolean>;
  /** Moves the counter on; false when it went back, which is what a copied key looks like. */
  count(id: string, counter: number): Promise<boolean>;
  begin(uid: string, purpose: CeremonyPurpose, ceremony: Ceremony, until: Date): Promise<void>;
  /** Takes the ceremony, so that one challenge is answered once. Null when it is not there, or over. */
  take(uid: string, purpose: CeremonyPurpose, now: Date): Promise<Ceremony | null>;
  /** Uses a signed challenge up; false when it was used before. */
  useChallenge(challenge: string): Promise<boolean>;
}

interface PasskeyDocument {
  _id: string;
  memberId: string;
  publicKey: string;
  counter: number;
  transports: string[];
  synchronised: boolean;
  addedAt: Date;
}
interface CeremonyDocument {
  _id: string;
  challenge: string;
  memberId: string | null;
  expiresAt: Date;
  begunAt: Date;
}

const SWEPT_AFTER_SECONDS = 60 * 60;

const passkeySchema = new Schema<PasskeyDocument>(
  {
    _id: { type: String, required: true },
    memberId: { type: String, required: true },
    publicKey: { type: String, required: true },
    counter: { type: Number, required: true },
    transports: { type: [String], required: true },
    synchronised: { type: Boolean, required: true },
    addedAt: { type: Date, required: true },
  },
  { versionKey: false },
);
passkeySchema.index({ memberId: 1 });

const ceremonySchema = new Schema<CeremonyDocument>(
  {
    _id: { type: String, required: true },
    challenge: { type: String, required: true },
    memberId: { type: String, default: null },
    expiresAt: { type: Date, required: true },
    begunAt: Date,
  },
  { versionKey: false },
);
// Swept by the database's own clock; whether one is over is judged by ours.
ceremonySchema.index({ begunAt: 1 }, { expireAfterSeconds: SWEPT_AFTER_SECONDS });

export const passkeyModels = (connection: Connection) => ({
  passkeys: defineModel(connection, 'identity_passkeys', passkeySchema),
  ceremonies: defineModel(connection, 'identity_ceremonies', ceremonySchema),
});

/** Passkeys and the ceremonies under way. */
export function openPasskeyStore(connection: Connection): PasskeyStore {
  const { passkeys, ceremonies } = passkeyModels(connection);
  return {
    find: async (id) => {
      const row = await passkeys.findById(id).lean();
      return row && toPasskey(row);
    },
    ofMember: async (memberId) =>
      (await passkeys.find({ memberId }).sort({ addedAt: 1 }).limit(100).lean()).map(toPasskey),
    ofMembers: async (memberIds) =>
      (await passkeys.find({ memberId: { $in: [...memberIds] } }).lean()).map(toPasskey),
    countOf: (memberId, session) => passkeys.countDocuments({ memberId }).session(session),
    insert: async ({ id, publicKey, transports, ...rest }, session) => {
      if (await passkeys.exists({ _id: id }).session(session)) return false;
      const stored = Buffer.from(publicKey).toString('base64url');
      await passkeys.create(
        [{ _id: id, ...rest, publicKey: stored, transports: [...transports] }],
        {
          session,
        },
      );
      return true;
    },
    count: async (_id, counter) => {
      const ahead = counter === 0 ? { counter: 0 } : { counter: { $lt: counter } };
      const moved = await passkeys.updateOne({ _id, ...ahead }, { $set: { counter } });
      return moved.matchedCount === 1;
    },
    begin: async (uid, purpose, { challenge, memberId }, expiresAt) => {
      await ceremonies.updateOne(
        { _id: `${uid}|${purpose}` },
        { $set: { challenge, memberId, expiresAt }, $currentDate: { begunAt: true } },
        { upsert: true },
      );
    },
    take: async (uid, purpose, now) => {
      const row = await ceremonies.findOneAndDelete({ _id: `${uid}|${purpose}` }).lean();
      if (!row || row.expiresAt <= now) return null;
      return { challenge: row.challenge, memberId: row.memberId };
    },
    useChallenge: async (challenge) => {
      const used = { challenge: '', memberId: null, expiresAt: new Date(0) };
      const _id = `used|${digest(challenge)}`;
      const update = { $setOnInsert: used, $currentDate: { begunAt: true } } as const;
      try {
        return (await ceremonies.updateOne({ _id }, update, { upsert: true })).upsertedCount === 1;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false; // another answer to it, at the same time
      }
    },
  };
}

const toPasskey = ({ _id, publicKey, ...rest }: PasskeyDocument): Passkey => ({
  id: _id,
  ...rest,
  publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
});
