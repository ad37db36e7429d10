import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { type NotMe, notMeKey, type NotMeKind } from './not-me.ts';

export interface NotMeStore {
  /** Notes what a token is for; noted again, it stays as it is. */
  offer(token: string, notMe: NotMe, until: Date): Promise<void>;
  /** What a token can still say; null when it was used, is over or never was. */
  find(token: string, now: Date): Promise<NotMe | null>;
  /** Uses it up; of many at once one succeeds. */
  take(token: string, now: Date, session: ClientSession): Promise<NotMe | null>;
  /** The recoveries of a member whose links are good, used or not. */
  recoveriesOf(memberId: string, now: Date, session: ClientSession): Promise<NotMe[]>;
}

interface NotMeDocument {
  /** A digest of the token. */
  _id: string;
  memberId: string;
  kind: NotMeKind;
  since: Date;
  by: string[];
  until: Date;
  usedAt: Date | null;
  /** When all links of the member were ended. */
  endedAt?: Date | null;
}

const text = { type: String, required: true };
const date = { type: Date, required: true };
const schema = new Schema<NotMeDocument>(
  {
    _id: text,
    memberId: text,
    kind: { type: String, enum: ['DEVICE', 'RECOVERY'], required: true },
    since: date,
    by: { type: [String], required: true },
    until: date,
    usedAt: { type: Date, default: null },
    endedAt: { type: Date, default: null },
  },
  { versionKey: false },
)
  .index({ memberId: 1, kind: 1 })
  .index({ until: 1 }, { expireAfterSeconds: 86_400 });

export const notMeModel = (connection: Connection) =>
  defineModel(connection, 'identity_notMe', schema);

/** Each notice a member can disown. More than this a week tells nobody anything new. */
const RECOVERIES_MAX = 1_000;

export function openNotMeStore(connection: Connection): NotMeStore {
  const tokens = notMeModel(connection);
  const live = (token: string, now: Date) => ({
    _id: notMeKey(token),
    usedAt: null,
    endedAt: null,
    until: { $gt: now },
  });
  return {
    offer: async (token, { by, ...rest }, until) => {
      const $setOnInsert = { ...rest, by: [...by], until, usedAt: null, endedAt: null };
      await tokens.updateOne({ _id: notMeKey(token) }, { $setOnInsert }, { upsert: true });
    },
    find: async (token, now) => {
      const row = await tokens.findOne(live(token, now)).lean();
      return row && toNotMe(row);
    },
    take: async (token, now, session) => {
      const row = await tokens
        .findOneAndUpdate(live(token, now), { $set: { usedAt: now } }, { session })
        .lean();
      return row && toNotMe(row);
    },
    recoveriesOf: async (memberId, now, session) => {
      const filter = { memberId, kind: 'RECOVERY' as const, endedAt: null, until: { $gt: now } };
      const rows = await tokens.find(filter).session(session).limit(RECOVERIES_MAX).lean();
      return rows.map(toNotMe);
    },
  };
}

/**
 * Ends what the links of a member can still say: what they disown is over. They are kept as long as they would have been good, for a
 * notice that is told again would offer one that is gone anew.
 */
export const endLinks =
  (connection: Connection) =>
  async (memberId: string, at: Date, session: ClientSession): Promise<void> => {
    const good = { memberId, endedAt: null, until: { $gt: at } };
    await notMeModel(connection).updateMany(good, { $set: { endedAt: at } }, { session });
  };

const toNotMe = ({ memberId, kind, since, by }: NotMeDocument): NotMe => ({
  memberId,
  kind,
  since,
  by,
});
