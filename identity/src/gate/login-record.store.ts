import { type Cohort, methodsOf, providersOf } from '@7pay/controls';
import { defineModel, findRow, insertRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { loggedInBefore } from '../audit/logged-in-before.ts';
import { REFRESH_SECONDS, SESSION_SECONDS_MAX } from '../lifetimes.ts';
import { aheadOr } from '../storage/read-ahead.ts';
import type { LoginRecord } from './login-record.ts';

/** The facts of logins, one document for each login of a session, written once. */
export interface LoginRecordStore {
  /** Writes the facts of a login; writing it again changes nothing. */
  record(login: LoginRecord): Promise<void>;
  /** Writes the facts of a login in a transaction. @throws a duplicate key when they are there */
  insert(login: LoginRecord, session: ClientSession): Promise<void>;
  find(
    login: { sessionUid: string; atSeconds: number },
    session?: ClientSession,
  ): Promise<LoginRecord | null>;
  /** Whether a member logged in as one of a cohort. What is not kept here any more is asked of the record of 7iD, which is kept for ever. */
  hasLoggedIn(memberId: string, cohort: Cohort, now: Date): Promise<boolean>;
  /** Whether the member logged in by the same browser before, in another session. */
  hasUsed(login: LoginRecord): Promise<boolean>;
  /** Whether the member logged in from the same class of networks before, in another session. */
  hasUsedNetwork(login: LoginRecord): Promise<boolean>;
  /** How many logins belong to a cohort, and of how many members: exact, by an index. */
  count(cohort: Cohort): Promise<{ logins: number; members: number }>;
}

interface LoginDocument extends Omit<LoginRecord, 'amr'> {
  _id: string;
  amr: string[];
  methods: string[];
  provider: string | null;
  expiresAt: Date;
}

const text = { type: String, required: true } as const;
const maybe = { type: String, default: null } as const;
const schema = new Schema<LoginDocument>(
  {
    _id: text,
    sessionUid: text,
    memberId: text,
    amr: { type: [String], required: true },
    methods: { type: [String], required: true },
    provider: maybe,
    acr: text,
    atSeconds: { type: Number, required: true },
    clientId: text,
    network: maybe,
    country: maybe,
    device: maybe,
    agent: maybe,
    passwordGeneration: { type: Number, default: null },
    generation: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
// One for each condition of a cohort, with the window behind it; the others are compared on what is left.
const CONDITIONS = ['provider', 'clientId', 'network', 'country'] as const;
for (const condition of CONDITIONS) schema.index({ [condition]: 1, atSeconds: 1 });
schema.index({ atSeconds: 1 });
schema.index({ memberId: 1, atSeconds: 1 });
// Housekeeping: by then no token of the login is left.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** How long the facts of a login are kept. */
export const LOGIN_KEPT_SECONDS = SESSION_SECONDS_MAX + REFRESH_SECONDS + 86_400;

export const loginRecordModel = (connection: Connection) =>
  defineModel(connection, 'identity_logins', schema);

/** The id of the document of a login. */
export const loginRecordId = ({
  sessionUid,
  atSeconds,
}: {
  sessionUid: string;
  atSeconds: number;
}) => `${sessionUid}|${atSeconds}`;

const toDocument = (login: LoginRecord): LoginDocument => ({
  _id: loginRecordId(login),
  ...login,
  amr: [...login.amr],
  methods: methodsOf(login.amr),
  provider: providersOf(login.amr)[0] ?? null,
  expiresAt: new Date((login.atSeconds + LOGIN_KEPT_SECONDS) * 1_000),
});

/** The facts of logins in the database. */
export function openLoginRecordStore(connection: Connection): LoginRecordStore {
  const logins = loginRecordModel(connection);
  const loggedIn = loggedInBefore(connection);
  return {
    record: async (login) => {
      const { _id, ...document } = toDocument(login);
      await logins.updateOne({ _id }, { $setOnInsert: document }, { upsert: true });
    },
    insert: (login, session) => insertRow(logins, toDocument(login), session),
    find: async (login, session) => {
      const _id = loginRecordId(login);
      const read = () => findRow(logins, { _id }, session ?? null);
      const row = await (session ? read() : aheadOr(logins, _id, read));
      if (!row) return null;
      const {
        _id: _,
        methods: _methods,
        provider: _provider,
        expiresAt: _expiresAt,
        ...record
      } = row;
      return record;
    },
    hasLoggedIn: async (memberId, cohort, now) => {
      if (await logins.exists({ memberId, ...filterOf(cohort) })) return true;
      const keptSince = new Date(now.getTime() - LOGIN_KEPT_SECONDS * 1_000);
      const { from, until } = cohort;
      if (from && from >= keptSince) return false;
      const gone = until && until < keptSince ? until : keptSince;
      return loggedIn(memberId, { ...cohort, until: gone });
    },
    hasUsed: async ({ memberId, sessionUid, device }) => {
      if (device === null) return false;
      const before = { memberId, device, sessionUid: { $ne: sessionUid } };
      return (await logins.exists(before)) !== null;
    },
    hasUsedNetwork: async ({ memberId, sessionUid, network }) => {
      if (network === null) return false;
      return (await logins.exists({ memberId, network, sessionUid: { $ne: sessionUid } })) !== null;
    },
    count: async (cohort) => {
      const [counted] = await logins.aggregate<{ logins: number; members: number }>([
        { $match: filterOf(cohort) },
        { $group: { _id: '$memberId', logins: { $sum: 1 } } },
        { $group: { _id: null, logins: { $sum: '$logins' }, members: { $sum: 1 } } },
      ]);
      return { logins: counted?.logins ?? 0, members: counted?.members ?? 0 };
    },
  };
}

/** The same question as `isIn` of controls, for the database. A test compares the two. */
export function filterOf(cohort: Cohort): Record<string, unknown> {
  const { methods, providers, clients, networks, countries, from, until } = cohort;
  const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
  return {
    ...(providers.length > 0 && { provider: { $in: providers } }),
    ...(clients.length > 0 && { clientId: { $in: clients } }),
    ...(networks.length > 0 && { network: { $in: networks } }),
    ...(countries.length > 0 && { country: { $in: countries } }),
    ...(methods.length > 0 && { methods: { $in: methods } }),
    atSeconds: {
      $gte: from ? seconds(from) : 0,
      ...(until && { $lte: seconds(until) }),
    },
  };
}
