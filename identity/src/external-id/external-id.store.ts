import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** Who a member is at a provider: its issuer and the subject there. Never a mail address. */
export interface ExternalId {
  readonly issuer: string;
  readonly subject: string;
  readonly provider: string;
  readonly memberId: string;
  readonly linkedAt: Date;
  /** When somebody last logged in by it; null for never. */
  readonly lastUsedAt: Date | null;
}

/** A login that was sent to a provider and waits for its answer. Used once. */
export interface PendingLogin {
  /** The interaction, or the session, that it belongs to, and with it the browser. */
  readonly uid: string;
  readonly provider: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface ExternalIdStore {
  find(issuer: string, subject: string): Promise<ExternalId | null>;
  ofMembers(memberIds: readonly string[]): Promise<ExternalId[]>;
  ofMember(memberId: string, session: ClientSession): Promise<ExternalId[]>;
  remove(memberId: string, provider: string, session: ClientSession): Promise<void>;
  /** Links an external ID; false when it belongs to a member already. @throws a duplicate key when two do so at once */
  insert(externalId: Omit<ExternalId, 'lastUsedAt'>, session: ClientSession): Promise<boolean>;
  used(externalId: Pick<ExternalId, 'issuer' | 'subject'>, at: Date): Promise<void>;
  wait(pending: PendingLogin, until: Date): Promise<void>;
  /** Takes the waiting login of this state; null when there is none, it is over, or it was taken before. */
  take(state: string, now: Date): Promise<PendingLogin | null>;
}

interface ExternalIdDocument extends Omit<ExternalId, 'lastUsedAt'> {
  _id: string;
  lastUsedAt?: Date;
}
interface PendingDocument extends Omit<PendingLogin, 'state'> {
  _id: string;
  expiresAt: Date;
  begunAt: Date;
}

const SWEPT_AFTER_SECONDS = 60 * 60;

const text = { type: String, required: true } as const;
const externalIdSchema = new Schema<ExternalIdDocument>(
  {
    _id: text,
    issuer: text,
    subject: text,
    provider: text,
    memberId: text,
    linkedAt: { type: Date, required: true },
    lastUsedAt: Date,
  },
  { versionKey: false },
);
externalIdSchema.index({ issuer: 1, subject: 1 }, { unique: true });
// One of each provider: taking a provider away leaves none of it.
externalIdSchema.index({ memberId: 1, provider: 1 }, { unique: true });

const pendingSchema = new Schema<PendingDocument>(
  {
    _id: text,
    uid: text,
    provider: text,
    nonce: text,
    codeVerifier: text,
    expiresAt: { type: Date, required: true },
    begunAt: Date,
  },
  { versionKey: false },
);
// Swept by the database's own clock; whether one is over is judged by ours.
pendingSchema.index({ begunAt: 1 }, { expireAfterSeconds: SWEPT_AFTER_SECONDS });

export const externalIdModels = (connection: Connection) => ({
  externalIds: defineModel(connection, 'identity_externalIds', externalIdSchema),
  pending: defineModel(connection, 'identity_pendingLogins', pendingSchema),
});

/** External IDs and the logins by them that are under way. */
export function openExternalIdStore(connection: Connection): ExternalIdStore {
  const { externalIds, pending } = externalIdModels(connection);
  return {
    find: async (issuer, subject) => {
      const row = await externalIds.findOne({ issuer, subject }).lean();
      return row && toExternalId(row);
    },
    ofMembers: async (memberIds) =>
      (await externalIds.find({ memberId: { $in: [...memberIds] } }).lean()).map(toExternalId),
    ofMember: async (memberId, session) =>
      (await externalIds.find({ memberId }).limit(100).session(session).lean()).map(toExternalId),
    remove: async (memberId, provider, session) => {
      await externalIds.deleteMany({ memberId, provider }).session(session);
    },
    insert: async (externalId, session) => {
      const _id = `${externalId.issuer}|${externalId.subject}`;
      if (await externalIds.exists({ _id }).session(session)) return false;
      await externalIds.create([{ _id, ...externalId }], { session });
      return true;
    },
    used: async ({ issuer, subject }, lastUsedAt) => {
      await externalIds.updateOne({ issuer, subject }, { $set: { lastUsedAt } });
    },
    wait: async ({ state, ...rest }, expiresAt) => {
      await pending.updateOne(
        { _id: state },
        { $setOnInsert: { ...rest, expiresAt }, $currentDate: { begunAt: true } },
        { upsert: true },
      );
    },
    take: async (state, now) => {
      const row = await pending.findOneAndDelete({ _id: state }).lean();
      if (!row || row.expiresAt <= now) return null;
      const { uid, provider, nonce, codeVerifier } = row;
      return { state, uid, provider, nonce, codeVerifier };
    },
  };
}

const toExternalId = (row: ExternalIdDocument): ExternalId => {
  const { issuer, subject, provider, memberId, linkedAt, lastUsedAt = null } = row;
  return { issuer, subject, provider, memberId, linkedAt, lastUsedAt };
};
