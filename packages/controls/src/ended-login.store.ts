import { defineModel } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { ENDED_LOGIN_SECONDS, type EndedLogin, endsOf, keyOfEnd } from './ended-login.ts';
import type { LoginFacts } from './login-facts.ts';

export interface EndedLoginStore {
  /** Tells every gateway of an end; with a session, when its transaction commits. */
  tell(ended: EndedLogin, at: Date, session?: ClientSession): Promise<void>;
  /** Those that are still told, as {@link endIn} reads them. */
  all(): Promise<ToldEnd[]>;
  /** Those that a token could be over by, for whoever takes it and follows none. */
  ofToken(facts: LoginFacts): Promise<ToldEnd[]>;
}

/** An end as the gateways keep it. */
export interface ToldEnd {
  readonly key: string;
  readonly at: Date;
}

interface EndedLoginDocument {
  key: string;
  at: Date;
  expiresAt: Date;
}

// Rows are only ever added, each under a number of its own: two that end the same thing at once do not collide.
const schema = new Schema<EndedLoginDocument>(
  {
    key: { type: String, required: true },
    at: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ key: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** The collection that gateways follow. */
export const ENDED_LOGIN_COLLECTION = 'controls_endedLogins';

export const endedLoginModel = (connection: Connection) =>
  defineModel(connection, ENDED_LOGIN_COLLECTION, schema);

/** The ends that are told. 7iD writes them. */
export function openEndedLogins(connection: Connection): EndedLoginStore {
  const ends = endedLoginModel(connection);
  const told = ({ key, at }: ToldEnd): ToldEnd => ({ key, at });
  return {
    tell: async (ended, at, session) => {
      const expiresAt = new Date(at.getTime() + ENDED_LOGIN_SECONDS * 1_000);
      await ends.create([{ key: keyOfEnd(ended), at, expiresAt }], session ? { session } : {});
    },
    all: async () => (await ends.find().lean()).map(told),
    ofToken: async (facts) => (await ends.find({ key: { $in: endsOf(facts) } }).lean()).map(told),
  };
}

/** An end as a change stream tells it. */
export function endIn(document: Readonly<Record<string, unknown>> | null): ToldEnd | undefined {
  const { key, at } = document ?? {};
  return typeof key === 'string' && at instanceof Date ? { key, at } : undefined;
}
