import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { CODE_TRIES_MAX, CODES_MAX, type ResetCause } from './reset.ts';

/** A member who showed the right password and has to set a new one: one for each interaction, used once. */
export interface PendingReset {
  readonly uid: string;
  readonly memberId: string;
  readonly cause: ResetCause;
  /** The cut-offs that ask for it. */
  readonly cutOffs: readonly string[];
  /** The methods by which it was proven that this is the member; empty until then. */
  readonly proof: readonly string[];
  /** The contacts by whose codes, by id; for a password that was forgotten. */
  readonly by: readonly string[];
}

export interface ResetStore {
  begin(reset: PendingReset, until: Date, session?: ClientSession): Promise<void>;
  find(uid: string, now: Date): Promise<PendingReset | null>;
  /** Counts a code that is about to be sent; false when as many were sent as may be. */
  sendCode(uid: string): Promise<boolean>;
  /** Counts a try before the code is looked at; false when it is one too many. */
  tryCode(uid: string): Promise<boolean>;
  /** For the member whose proof it is: another login of the same browser may have begun meanwhile. */
  prove(reset: Pick<PendingReset, 'uid' | 'memberId'>, proof: readonly string[]): Promise<void>;
  /** Takes the proven reset with the password that is set; null when it was taken or is over. */
  take(uid: string, now: Date, session: ClientSession): Promise<PendingReset | null>;
  /** Ends whatever is open for a member. */
  revoke(memberId: string, session: ClientSession): Promise<void>;
  /** Counts one member who is through with a mass reset. */
  count(cutOff: string, memberId: string, session: ClientSession): Promise<void>;
  /** How many are, from a handful of counters. */
  done(cutOff: string): Promise<number>;
}

interface PendingDocument {
  _id: string;
  memberId: string;
  cause?: ResetCause;
  cutOffs: string[];
  proof: string[];
  by?: string[];
  codes: number;
  tries: number;
  expiresAt: Date;
}
interface ProgressDocument {
  _id: string;
  cutOff: string;
  done: number;
}

const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const pendingSchema = new Schema<PendingDocument>(
  {
    _id: text,
    memberId: text,
    cause: String,
    cutOffs: { type: [String], required: true },
    proof: { type: [String], required: true },
    by: { type: [String], default: undefined },
    codes: number,
    tries: number,
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
pendingSchema.index({ memberId: 1 });
pendingSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 3_600 });
const progressSchema = new Schema<ProgressDocument>(
  { _id: text, cutOff: text, done: number },
  { versionKey: false },
);
progressSchema.index({ cutOff: 1 });

// Members who are through at the same time do not wait for one counter.
const COUNTERS = 8;

export const resetModels = (connection: Connection) => ({
  pending: defineModel(connection, 'identity_pendingResets', pendingSchema),
  progress: defineModel(connection, 'identity_resetProgress', progressSchema),
});

/** Resets under way, and how far the mass resets have come. */
export function openResetStore(connection: Connection): ResetStore {
  const { pending, progress } = resetModels(connection);
  return {
    begin: async ({ uid, memberId, cause, cutOffs, proof, by }, expiresAt, session) => {
      // Beginning again in the same interaction gives no new codes and tries.
      await pending.updateOne(
        { _id: uid },
        {
          $set: {
            memberId,
            cause,
            cutOffs: [...cutOffs],
            proof: [...proof],
            by: [...by],
            expiresAt,
          },
          $setOnInsert: { codes: 0, tries: 0 },
        },
        { upsert: true, ...(session && { session }) },
      );
    },
    find: async (uid, now) => {
      const row = await pending.findById(uid).lean();
      return row && row.expiresAt > now ? toReset(row) : null;
    },
    sendCode: async (uid) => {
      const sent = await pending.updateOne(
        { _id: uid, codes: { $lt: CODES_MAX } },
        { $inc: { codes: 1 } },
      );
      return sent.matchedCount === 1;
    },
    tryCode: async (uid) => {
      const tried = await pending.updateOne(
        { _id: uid, tries: { $lt: CODE_TRIES_MAX } },
        { $inc: { tries: 1 } },
      );
      return tried.matchedCount === 1;
    },
    prove: async ({ uid, memberId }, proof) => {
      await pending.updateOne({ _id: uid, memberId }, { $set: { proof: [...proof] } });
    },
    take: async (uid, now, session) => {
      const row = await pending.findOneAndDelete({ _id: uid }, { session }).lean();
      return row && row.expiresAt > now && row.proof.length > 0 ? toReset(row) : null;
    },
    revoke: async (memberId, session) => {
      await pending.deleteMany({ memberId }, { session });
    },
    count: async (cutOff, memberId, session) => {
      const at = [...memberId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COUNTERS;
      await progress.updateOne(
        { _id: `${cutOff}|${at}` },
        { $inc: { done: 1 }, $setOnInsert: { cutOff } },
        { upsert: true, session },
      );
    },
    done: async (cutOff) => {
      const counters = await progress.find({ cutOff }).limit(COUNTERS).lean();
      return counters.reduce((sum, { done }) => sum + done, 0);
    },
  };
}

const toReset = ({
  _id,
  memberId,
  cause,
  cutOffs,
  proof,
  by = [],
}: PendingDocument): PendingReset => ({
  uid: _id,
  memberId,
  cause: cause ?? 'MASS_RESET', // those from before others were known
  cutOffs,
  proof,
  by,
});
