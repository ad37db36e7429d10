import { defineModel } from '@7pay/mongo';
import { type Connection, Schema } from 'mongoose';
import type { Assertion } from './external-providers.ts';

/** A proven login by an external ID that belongs to nobody yet: it waits for its person to say who they are here. Used once. */
export interface FirstLogin extends Assertion {
  /** The interaction it belongs to, and with it the browser. */
  readonly uid: string;
  readonly provider: string;
  /** When it was proven. */
  readonly at: Date;
}

export interface FirstLoginStore {
  /** Notes it; another one of the same interaction is forgotten. */
  wait(login: FirstLogin, until: Date): Promise<void>;
  /** What waits; null when nothing does, or not any more. */
  find(uid: string, provider: string, now: Date): Promise<FirstLogin | null>;
  /** Takes it; null when there is none, it is over, or it was taken before. */
  take(uid: string, provider: string, now: Date): Promise<FirstLogin | null>;
}

interface FirstLoginDocument extends Omit<FirstLogin, 'uid'> {
  _id: string;
  expiresAt: Date;
  begunAt: Date;
}

const SWEPT_AFTER_SECONDS = 60 * 60;

const text = { type: String, required: true } as const;
const schema = new Schema<FirstLoginDocument>(
  {
    _id: text,
    provider: text,
    issuer: text,
    subject: text,
    name: { type: String, default: null },
    acr: { type: String, default: null },
    at: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    begunAt: Date,
  },
  { versionKey: false },
);
// Swept by the database's own clock; whether one is over is judged by ours.
schema.index({ begunAt: 1 }, { expireAfterSeconds: SWEPT_AFTER_SECONDS });

export const firstLoginModel = (connection: Connection) =>
  defineModel(connection, 'identity_firstLogins', schema);

export function openFirstLoginStore(connection: Connection): FirstLoginStore {
  const logins = firstLoginModel(connection);
  return {
    wait: async ({ uid, ...login }, expiresAt) => {
      await logins.updateOne(
        { _id: uid },
        { $set: { ...login, expiresAt }, $currentDate: { begunAt: true } },
        { upsert: true },
      );
    },
    find: async (uid, provider, now) =>
      toFirstLogin(await logins.findOne({ _id: uid, provider }).lean(), now),
    take: async (uid, provider, now) =>
      toFirstLogin(await logins.findOneAndDelete({ _id: uid, provider }).lean(), now),
  };
}

function toFirstLogin(row: FirstLoginDocument | null, now: Date): FirstLogin | null {
  if (!row || row.expiresAt <= now) return null;
  const { _id: uid, provider, issuer, subject, name, acr, at } = row;
  return { uid, provider, issuer, subject, name, acr, at };
}
