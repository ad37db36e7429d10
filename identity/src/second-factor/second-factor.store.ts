import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** An authenticator app, its secret under seal. */
export interface SealedTotp {
  readonly sealed: string;
  readonly addedAt: Date;
}

/** The second factors of a member that 7iD itself can check. */
export interface SecondFactors {
  readonly memberId: string;
  readonly totp: SealedTotp | null;
  /** An app that has not shown a code yet. */
  readonly pending: SealedTotp | null;
  /** Recovery codes that are left. */
  readonly recoveryCodes: number;
  readonly wrongTries: number;
  readonly lastTryAt: Date | null;
}

export interface SecondFactorStore {
  find(memberId: string): Promise<SecondFactors | null>;
  ofMembers(memberIds: readonly string[]): Promise<SecondFactors[]>;
  /** Notes an app that is to show a code; one that was noted before is forgotten. */
  begin(memberId: string, pending: SealedTotp): Promise<void>;
  /**
   * The app has shown a code of this step: from now on it counts, with these recovery codes and none from before.
   * False when another one was begun, or confirmed, meanwhile.
   */
  confirm(
    memberId: string,
    app: { sealed: string; step: number; recovery: readonly string[]; at: Date },
    session?: ClientSession,
  ): Promise<boolean>;
  /** Uses up a step and all before it; false when it was used up already. */
  spendStep(memberId: string, step: number): Promise<boolean>;
  /** Uses up a recovery code; false when it is none, or was used. */
  spendRecoveryCode(memberId: string, hash: string): Promise<boolean>;
  /** New recovery codes instead of those that are left; false without an app. */
  renewRecoveryCodes(
    memberId: string,
    hashes: readonly string[],
    session?: ClientSession,
  ): Promise<boolean>;
  /** Takes the app and the recovery codes away; false when there were none. */
  remove(memberId: string, session?: ClientSession): Promise<boolean>;
  /** Counts a try before it is looked at, if the counter stands where it was read. */
  countTry(memberId: string, counter: { from: number; to: number; at: Date }): Promise<boolean>;
  forgetTries(memberId: string): Promise<void>;
}

interface SecondFactorDocument {
  _id: string;
  totp: SealedTotp | null;
  pending: SealedTotp | null;
  lastStep: number;
  recovery: string[];
  wrongTries: number;
  lastTryAt: Date | null;
}

const schema = new Schema<SecondFactorDocument>(
  {
    _id: { type: String, required: true },
    totp: { type: Schema.Types.Mixed, default: null },
    pending: { type: Schema.Types.Mixed, default: null },
    lastStep: { type: Number, required: true },
    recovery: { type: [String], required: true },
    wrongTries: { type: Number, required: true },
    lastTryAt: { type: Date, default: null },
  },
  { versionKey: false, minimize: false },
);

export const secondFactorModel = (connection: Connection) =>
  defineModel(connection, 'identity_second_factors', schema);

/** The second factors in the database. Every use is one conditional update: of many at once, one succeeds. */
export function openSecondFactorStore(connection: Connection): SecondFactorStore {
  const factors = secondFactorModel(connection);
  const matched = async (filter: object, update: object, session?: ClientSession) =>
    (await factors.updateOne(filter, update, session ? { session } : {})).matchedCount === 1;
  return {
    find: async (memberId) => {
      const row = await factors.findById(memberId).lean();
      return row && toSecondFactors(row);
    },
    ofMembers: async (memberIds) =>
      (await factors.find({ _id: { $in: [...memberIds] } }).lean()).map(toSecondFactors),
    begin: async (_id, pending) => {
      const $setOnInsert = {
        totp: null,
        lastStep: 0,
        recovery: [],
        wrongTries: 0,
        lastTryAt: null,
      };
      await factors.updateOne({ _id }, { $set: { pending }, $setOnInsert }, { upsert: true });
    },
    confirm: (_id, { sealed, step, recovery, at }, session) =>
      matched(
        { _id, 'pending.sealed': sealed },
        {
          $set: {
            totp: { sealed, addedAt: at },
            pending: null,
            lastStep: step,
            recovery: [...recovery],
            wrongTries: 0,
          },
        },
        session,
      ),
    spendStep: (_id, step) =>
      matched({ _id, totp: { $ne: null }, lastStep: { $lt: step } }, { $set: { lastStep: step } }),
    spendRecoveryCode: (_id, hash) =>
      matched({ _id, recovery: hash }, { $pull: { recovery: hash } }),
    renewRecoveryCodes: (_id, hashes, session) =>
      matched({ _id, totp: { $ne: null } }, { $set: { recovery: [...hashes] } }, session),
    remove: (_id, session) =>
      matched(
        { _id, totp: { $ne: null } },
        { $set: { totp: null, pending: null, recovery: [] } },
        session,
      ),
    countTry: (_id, { from, to, at }) =>
      matched({ _id, wrongTries: from }, { $set: { wrongTries: to, lastTryAt: at } }),
    forgetTries: async (_id) => {
      await factors.updateOne({ _id }, { $set: { wrongTries: 0 } });
    },
  };
}

const toSecondFactors = (row: SecondFactorDocument): SecondFactors => ({
  memberId: row._id,
  totp: row.totp,
  pending: row.pending,
  recoveryCodes: row.recovery.length,
  wrongTries: row.wrongTries,
  lastTryAt: row.lastTryAt,
});
