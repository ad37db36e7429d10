import { openEndedLogins } from '@7pay/controls';
import { defineModel } from '@7pay/mongo';
import type { Locale } from '@7pay/refusals';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { WRONG_TRIES_MAX } from '../login/login.ts';
import { gather } from '../storage/gathered-writes.ts';
import { aheadOr, seekAhead, soughtOr } from '../storage/read-ahead.ts';
import type { LoginLock, Member, Role } from './member.ts';

/** What logging in by password needs to know. */
export interface Credentials {
  readonly member: Member;
  readonly passwordHash: string | null;
  readonly wrongTries: number;
  readonly lastTryAt: Date | null;
}

type Kept = 'loginsEndedAt' | 'lock' | 'mustReplacePassword' | 'loginIdProvenAt';

export interface NewMember extends Omit<Member, 'mail' | Kept> {
  readonly mail: { readonly typed: string; readonly canonical: string } | null;
  readonly passwordHash: string | null;
}

export interface MemberStore {
  find(id: string): Promise<Member | null>;
  findMany(ids: readonly string[]): Promise<Member[]>;
  /** Has whoever has this login ID read with the next document of this request that is read ahead. */
  seekCredentials(canonicalMail: string): void;
  findCredentials(canonicalMail: string): Promise<Credentials | null>;
  isTaken(canonicalMail: string, session: ClientSession): Promise<boolean>;
  insert(member: NewMember, session: ClientSession): Promise<void>;
  /**
   * Counts a try before its password is looked at, if the counter still stands where it was read.
   * False when somebody else counted in between: read again.
   */
  countTry(id: string, counter: { from: number; to: number; at: Date }): Promise<boolean>;
  /** The password was right: the counter starts again, at the end of the request where it gathers writes. */
  forgetTries(id: string): Promise<void>;
  /** The first password of a member who has none, with the login ID if there is none; logins made before have ended. False when they have one. */
  setFirstPassword(
    id: string,
    made: { mail: string; passwordHash: string; at: Date; generation: number },
    session: ClientSession,
  ): Promise<boolean>;
  speak(id: string, locale: Locale): Promise<void>;
  passwordHash(id: string): Promise<string | null>;
  /** Ends every login made so far; null for nobody. Tells what other way in the member has. */
  endLogins(id: string, at: Date, session: ClientSession): Promise<{ hasPassword: boolean } | null>;
  /** Locks every way in and ends every login, also where a lock stands: the earliest `since` and all contacts count. */
  lock(id: string, lock: Omit<LoginLock, 'liftedAt'>, session: ClientSession): Promise<boolean>;
  /** The member is back by what they had before. */
  liftLock(id: string, at: Date, session: ClientSession): Promise<void>;
  /**
   * A contact is taken away. Where it was the address of the login ID, since when that was proven: whoever reads that mail later on is
   * not the first to prove it (contact/verified-mail.ts).
   */
  noteContactRemoved(
    id: string,
    of: { loginIdProvenAt: Date | null },
    session: ClientSession,
  ): Promise<void>;
  /** Forgets the lock, and has a password that was there replaced at the next login; false when there was none. */
  unlock(id: string, session: ClientSession, order?: UnlockOrder): Promise<boolean>;
  /** Forgets the wrong passwords of a member who has to wait for them; false when nobody has to. */
  clearTries(id: string, session: ClientSession, order: UnlockOrder): Promise<boolean>;
  /** How many wrong passwords there were, and when the last; null for nobody. */
  tries(
    id: string,
    session?: ClientSession,
  ): Promise<{ wrongTries: number; lastTryAt: Date | null } | null>;
  /** Sets a new password; logins made before it have ended. */
  setPassword(
    id: string,
    made: { passwordHash: string; at: Date; generation: number },
    session: ClientSession,
  ): Promise<void>;
}

/** An operator who lets a member in again, and why. */
export interface UnlockOrder {
  readonly actor: string;
  readonly note: string;
}

interface MemberDocument {
  _id: string;
  canonicalMail?: string;
  mail?: string;
  displayName: string;
  passwordHash?: string;
  passwordSetAt?: Date;
  passwordGeneration?: number;
  loginsEndedAt?: Date;
  mustReplacePassword?: boolean;
  loginIdProvenAt?: Date;
  /** How many contacts were taken away. Each writes here, so that two at once do not both find another one left. */
  contactsRemoved?: number;
  lock?: LoginLock;
  roles: Role[];
  locale: Locale;
  registeredAt: Date;
  wrongTries: number;
  lastTryAt?: Date;
}

const schema = new Schema<MemberDocument>(
  {
    _id: { type: String, required: true },
    canonicalMail: String,
    mail: String,
    displayName: { type: String, required: true },
    passwordHash: String,
    passwordSetAt: Date,
    passwordGeneration: Number,
    loginsEndedAt: Date,
    lock: Schema.Types.Mixed,
    mustReplacePassword: Boolean,
    loginIdProvenAt: Date,
    contactsRemoved: Number,
    roles: { type: [String], required: true },
    locale: { type: String, enum: ['ja', 'en'], required: true },
    registeredAt: { type: Date, required: true },
    wrongTries: { type: Number, required: true },
    lastTryAt: Date,
  },
  { versionKey: false },
);
schema.index({ canonicalMail: 1 }, { unique: true, sparse: true });
// For operators: the few who are locked, and those who have a role. Nobody else is in them.
schema.index(
  { lastTryAt: -1, _id: -1 },
  { partialFilterExpression: { wrongTries: { $gte: WRONG_TRIES_MAX } }, name: 'locked' },
);
schema.index({ roles: 1, _id: 1 }, { partialFilterExpression: { roles: 'operator' } });

export const memberModel = (connection: Connection) =>
  defineModel(connection, 'identity_members', schema);

/** The members in the database. */
export function openMemberStore(connection: Connection): MemberStore {
  const members = memberModel(connection);
  const ends = openEndedLogins(connection);
  // What ends the logins of a member here ends their tokens at the gateways, by the same commit.
  const tellEnd = (memberId: string, at: Date, session: ClientSession) =>
    ends.tell({ kind: 'MEMBER', memberId }, at, session);
  const byMail = (value: string) => ({ model: members, field: 'canonicalMail', value });
  return {
    find: async (id) => {
      const row = await aheadOr(members, id, () => members.findById(id).lean());
      return row && toMember(row);
    },
    findMany: async (ids) => (await members.find({ _id: { $in: [...ids] } }).lean()).map(toMember),
    seekCredentials: (canonicalMail) => seekAhead(byMail(canonicalMail)),
    findCredentials: async (canonicalMail) => {
      const read = () => members.findOne({ canonicalMail }).lean();
      const row = await soughtOr(byMail(canonicalMail), read);
      if (!row) return null;
      const { passwordHash = null, wrongTries, lastTryAt = null } = row;
      return { member: toMember(row), passwordHash, wrongTries, lastTryAt };
    },
    isTaken: async (canonicalMail, session) =>
      (await members.exists({ canonicalMail }).session(session)) !== null,
    insert: async (member, session) => {
      const { id, mail, passwordHash, passwordSetAt, passwordGeneration, roles, ...rest } = member;
      const document: MemberDocument = {
        _id: id,
        ...rest,
        roles: [...roles],
        wrongTries: 0,
        ...(mail && { mail: mail.typed, canonicalMail: mail.canonical }),
        ...(passwordHash !== null && { passwordHash }),
        ...(passwordSetAt && { passwordSetAt }),
        ...(passwordGeneration !== null && { passwordGeneration }),
      };
      await members.create([document], { session });
    },
    countTry: async (_id, { from, to, at }) => {
      const counted = await members.updateOne(
        { _id, wrongTries: from },
        { $set: { wrongTries: to, lastTryAt: at } },
      );
      return counted.matchedCount === 1;
    },
    forgetTries: async (_id) => {
      const [filter, update] = [{ _id }, { $set: { wrongTries: 0 } }];
      const write = { name: 'updateOne', into: members, filter, update, otherwise: null } as const;
      if (!gather({ [`tries|${_id}`]: write })) await members.updateOne(filter, update);
    },
    passwordHash: async (_id) => (await members.findById(_id).lean())?.passwordHash ?? null,
    endLogins: async (_id, loginsEndedAt, session) => {
      const row = await members
        .findOneAndUpdate({ _id }, { $set: { loginsEndedAt } }, { session })
        .lean();
      if (row) await tellEnd(_id, loginsEndedAt, session);
      return row && { hasPassword: row.passwordHash !== undefined };
    },
    lock: async (_id, { at, since, without }, session) => {
      // One that was lifted is over: what was added since then is the member's own.
      const isOver = { _id, 'lock.liftedAt': { $ne: null } };
      await members.updateOne(isOver, { $unset: { lock: 1 } }, { session });
      const locked = await members.updateOne(
        { _id },
        {
          $set: { 'lock.at': at, 'lock.liftedAt': null, loginsEndedAt: at },
          $min: { 'lock.since': since },
          $addToSet: { 'lock.without': { $each: [...without] } },
        },
        { session },
      );
      if (locked.matchedCount === 0) return false;
      await tellEnd(_id, at, session);
      return true;
    },
    noteContactRemoved: async (_id, { loginIdProvenAt }, session) => {
      const $set = loginIdProvenAt ? { loginIdProvenAt } : {};
      await members.updateOne({ _id }, { $set, $inc: { contactsRemoved: 1 } }, { session });
    },
    liftLock: async (_id, at, session) => {
      const filter = { _id, 'lock.liftedAt': null, lock: { $exists: true } };
      await members.updateOne(filter, { $set: { 'lock.liftedAt': at } }, { session });
    },
    unlock: async (_id, session) => {
      const filter = { _id, lock: { $exists: true } };
      const opened = await members.updateOne(
        filter,
        { $unset: { lock: 1 }, $set: { mustReplacePassword: true } },
        { session },
      );
      return opened.matchedCount === 1;
    },
    clearTries: async (_id, session) => {
      const filter = { _id, wrongTries: { $gte: WRONG_TRIES_MAX } };
      const cleared = await members.updateOne(filter, { $set: { wrongTries: 0 } }, { session });
      return cleared.matchedCount === 1;
    },
    tries: async (_id, session) => {
      const row = await members
        .findById(_id)
        .session(session ?? null)
        .lean();
      return row && { wrongTries: row.wrongTries, lastTryAt: row.lastTryAt ?? null };
    },
    setPassword: async (_id, { passwordHash, at, generation }, session) => {
      const set = {
        passwordHash,
        passwordSetAt: at,
        passwordGeneration: generation,
        loginsEndedAt: at,
        wrongTries: 0,
        mustReplacePassword: false,
      };
      await members.updateOne({ _id }, { $set: set }, { session });
      await tellEnd(_id, at, session);
    },
    setFirstPassword: async (_id, { mail, passwordHash, at, generation }, session) => {
      const row = await members.findById(_id).session(session).lean();
      if (!row || row.passwordHash !== undefined) return false;
      const set = {
        passwordHash,
        passwordSetAt: at,
        passwordGeneration: generation,
        loginsEndedAt: at,
        wrongTries: 0,
        mustReplacePassword: false,
        ...(row.canonicalMail === undefined && { mail, canonicalMail: mail }),
      };
      await members.updateOne({ _id }, { $set: set }, { session });
      await tellEnd(_id, at, session);
      return true;
    },
    speak: async (_id, locale) => {
      await members.updateOne({ _id, locale: { $ne: locale } }, { $set: { locale } });
    },
  };
}

const toMember = (row: MemberDocument): Member => ({
  id: row._id,
  mail: row.mail ?? null,
  displayName: row.displayName,
  roles: row.roles,
  locale: row.locale,
  registeredAt: row.registeredAt,
  passwordSetAt: row.passwordSetAt ?? null,
  passwordGeneration: row.passwordHash === undefined ? null : (row.passwordGeneration ?? 0),
  loginsEndedAt: row.loginsEndedAt ?? null,
  lock: row.lock ?? null,
  mustReplacePassword: row.mustReplacePassword ?? false,
  loginIdProvenAt: row.loginIdProvenAt ?? null,
});
