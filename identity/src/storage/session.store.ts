import { openEndedLogins } from '@7pay/controls';
import { defineModel, isDuplicateKey, writeRows } from '@7pay/mongo';
import { type Clock, systemClock } from '@7pay/time';
import { type Connection, Schema } from 'mongoose';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { gather, type NamedWrites } from './gathered-writes.ts';
import { aheadOr, findAhead } from './read-ahead.ts';

/**
 * A session is kept under its `uid`, which lives as long as the session; the id in the cookie changes at
 * every login step and is a pointer to it. So two tabs that finish at once write one session: what they
 * have in common is theirs together, and each client's part is written by itself.
 */
interface SessionDocument {
  _id: string;
  payload: string;
  accountId?: string;
  loginTs?: number;
  amr?: string[];
  authorizations?: Record<string, object>;
  expiresAt?: Date;
  /** When it was ended. What is left of it for a day keeps a request that was under way from writing it back. */
  endedAt?: Date;
}

/** A cookie's id. It is good only for the person the session belonged to when the id was given out. */
interface PointerDocument {
  _id: string;
  uid: string;
  accountId: string | null;
  /** Replaced by a newer id; a tab that was under way may finish. */
  goodUntil?: Date;
  expiresAt?: Date;
}

const sessionSchema = new Schema<SessionDocument>(
  {
    _id: { type: String, required: true },
    payload: { type: String, required: true },
    accountId: String,
    loginTs: Number,
    amr: { type: [String], default: undefined },
    authorizations: { type: Schema.Types.Mixed },
    expiresAt: Date,
    endedAt: Date,
  },
  { versionKey: false, minimize: false },
);
// Those of a member, the newest login first; a session that nobody logged in to is in no list.
sessionSchema.index(
  { accountId: 1, loginTs: -1 },
  { partialFilterExpression: { accountId: { $exists: true } } },
);
sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const pointerSchema = new Schema<PointerDocument>(
  {
    _id: { type: String, required: true },
    uid: { type: String, required: true },
    accountId: { type: String, default: null },
    goodUntil: Date,
    expiresAt: Date,
  },
  { versionKey: false },
);
pointerSchema.index({ uid: 1 });
pointerSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const sessionModels = (connection: Connection) => ({
  sessions: defineModel(connection, 'identity_session', sessionSchema),
  pointers: defineModel(connection, 'identity_sessionPointer', pointerSchema),
});

const GRACE_SECONDS = 30;
const ENDED_KEPT_MS = 86_400_000;
const GOES_ON = { endedAt: { $exists: false } };

/** What is told of a session without its secrets. */
export interface KeptSession {
  readonly uid: string;
  /** When its login was made, in seconds since 1970. */
  readonly atSeconds: number;
  readonly amr: readonly string[];
  readonly expiresAt: Date | null;
}

export interface SessionStore extends Adapter {
  /** Ends the session itself, whichever cookie points to it, and its tokens at every gateway. */
  end(uid: string): Promise<void>;
  /** Takes out what a client had of a session: it was logged out of alone. */
  leave(uid: string, clientId: string): Promise<void>;
  /** The uids of a member's sessions, the newest login first, at most so many; those whose logins were ended are among them. */
  ofMember(accountId: string, limit: number): Promise<string[]>;
  /** A member's sessions that go on, the newest login first. */
  keptOf(accountId: string, among: KeptAmong): Promise<KeptSession[]>;
}

/** Which of a member's sessions are looked at. */
export interface KeptAmong {
  readonly limit: number;
  /** When all logins of the member ended: what was made before does not go on. */
  readonly endedAt?: Date | null | undefined;
  /** This session alone. */
  readonly uid?: string;
}

// Housekeeping only, on the library's clock, which is also the database's.
const expiry = ({ exp }: AdapterPayload) =>
  exp === undefined ? {} : { expiresAt: new Date(exp * 1_000) };

/** The library's storage contract for sessions. Client ids have no dots (checked when they are stored). */
export function openSessionStore(connection: Connection, clock: Clock): SessionStore {
  const { sessions, pointers } = sessionModels(connection);
  const ends = openEndedLogins(connection);

  // Each of these may find nothing to write, and none collides with a tab that writes at the same time.
  const writesOf = (uid: string, payload: AdapterPayload): NamedWrites => {
    const { authorizations = {}, accountId, loginTs = -1, amr, ...rest } = payload;
    const parts = Object.fromEntries(
      Object.entries(authorizations).map(([id, part]) => [`authorizations.${id}`, part]),
    );
    const fields = {
      payload: JSON.stringify({ ...rest, ...(loginTs >= 0 && { loginTs }), accountId, amr }),
      loginTs,
      ...expiry(payload),
      ...(accountId !== undefined && { accountId }),
      ...(amr !== undefined && { amr }),
      ...parts,
    };
    const into = { name: 'updateOne', into: sessions, otherwise: null } as const;
    const isNotBefore = { $or: [{ loginTs: { $exists: false } }, { loginTs: { $lte: loginTs } }] };
    return {
      [`begun|${uid}`]: {
        ...into,
        filter: { _id: uid },
        update: { $setOnInsert: fields },
        upsert: true,
      },
      // A tab that has not seen the login yet must not write it away,
      [`session|${uid}`]: {
        ...into,
        filter: { _id: uid, ...GOES_ON, ...isNotBefore },
        update: { $set: fields },
      },
      // and keeps what it did for an app.
      ...(accountId !== undefined &&
        Object.keys(parts).length > 0 && {
          [`apps|${uid}`]: { ...into, filter: { _id: uid, accountId }, update: { $set: parts } },
        }),
    };
  };

  const put = async (named: NamedWrites): Promise<void> => {
    if (gather(named)) return;
    const send = () => writeRows(connection, Object.values(named));
    await send().catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
      return send(); // another tab has made it meanwhile
    });
  };

  const read = (document: SessionDocument | null): AdapterPayload | undefined => {
    if (!document || document.endedAt) return undefined;
    const payload = JSON.parse(document.payload) as AdapterPayload;
    const { authorizations } = document;
    return authorizations
      ? { ...payload, authorizations: authorizations as AdapterPayload['authorizations'] }
      : payload;
  };

  const kept = (uid: string) => aheadOr(sessions, uid, () => sessions.findById(uid).lean());

  // On the library's clock: what has run out cannot be ended any more, and must not take the place of what can.
  const isKept = () => ({
    $or: [{ expiresAt: { $exists: false } }, { expiresAt: { $gt: systemClock.now() } }],
  });
  const NEWEST = { loginTs: -1 } as const; // the order of the index: nothing is sorted, however many there are

  return {
    upsert: async (jti, payload) => {
      const { uid = jti, accountId = null } = payload;
      await put({
        ...writesOf(uid, payload),
        // An id keeps the person it was made for, and a replaced one stays replaced.
        [`pointer|${jti}`]: {
          name: 'updateOne',
          into: pointers,
          filter: { _id: jti },
          update: { $set: expiry(payload), $setOnInsert: { uid, accountId } },
          upsert: true,
          otherwise: null,
        },
      });
    },
    find: async (jti) => {
      const pointer = await findAhead(pointers, jti, [{ model: sessions, id: 'uid' }]);
      if (!pointer || (pointer.goodUntil && pointer.goodUntil <= clock.now())) return undefined;
      const document = await kept(pointer.uid);
      // The id a browser had before the login never becomes an id of the login (session fixation).
      if (!document || document.endedAt) return undefined;
      if ((document.accountId ?? null) !== pointer.accountId) return undefined;
      return { ...read(document), jti };
    },
    findByUid: async (uid) => read(await kept(uid)),
    findByUserCode: async () => undefined,
    consume: async () => {},
    // The library destroys an id when it gives out a new one; the session goes by `end`.
    destroy: async (jti) => {
      const goodUntil = new Date(clock.now().getTime() + GRACE_SECONDS * 1_000);
      await put({
        [`replaced|${jti}`]: {
          name: 'updateOne',
          into: pointers,
          filter: { _id: jti, goodUntil: { $exists: false } },
          update: { $set: { goodUntil } },
          otherwise: null,
        },
      });
    },
    revokeByGrantId: async () => {},
    leave: async (uid, clientId) => {
      await sessions.updateOne({ _id: uid }, { $unset: { [`authorizations.${clientId}`]: 1 } });
    },
    ofMember: async (accountId, limit) => {
      const filter = { accountId, ...isKept() };
      const rows = await sessions.find(filter, { _id: 1 }).sort(NEWEST).limit(limit).lean();
      return rows.map(({ _id }) => _id);
    },
    keptOf: async (accountId, { limit, endedAt, uid }) => {
      const filter = {
        accountId,
        ...isKept(),
        ...(endedAt && { loginTs: { $gte: Math.floor(endedAt.getTime() / 1_000) } }),
        ...(uid !== undefined && { _id: uid }),
      };
      const shown = { loginTs: 1, amr: 1, expiresAt: 1 };
      const rows = await sessions.find(filter, shown).sort(NEWEST).limit(limit).lean();
      return rows.map(({ _id, loginTs = 0, amr = [], expiresAt = null }) => ({
        uid: _id,
        atSeconds: loginTs,
        amr,
        expiresAt,
      }));
    },
    end: async (uid) => {
      const endedAt = clock.now();
      // Before the session goes: after a crash in between it is ended again. Nobody has tokens of one without a member.
      if (await sessions.exists({ _id: uid, accountId: { $exists: true } })) {
        await ends.tell({ kind: 'SESSION', sessionUid: uid }, endedAt);
      }
      await sessions.updateOne(
        { _id: uid },
        {
          $set: { endedAt, payload: '{}', expiresAt: new Date(endedAt.getTime() + ENDED_KEPT_MS) },
          $unset: { accountId: 1, loginTs: 1, amr: 1, authorizations: 1 },
        },
      );
      await pointers.deleteMany({ uid });
    },
  };
}
