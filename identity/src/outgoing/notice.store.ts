import { randomUUID } from 'node:crypto';
import { defineModel } from '@7pay/mongo';
import type { Clock } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { seal, unseal } from '../keys/seal.ts';
import {
  CLAIM_SECONDS,
  ClientStopped,
  nextTry,
  type Notice,
  type NoticeKind,
  STOPPED_WAIT_SECONDS,
} from './notice.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** People look at dead notices within a month; delivered ones are kept a day to answer questions. */
const DEAD_DAYS = 30;
const LISTED_MAX = 100;

interface NoticeDocument {
  _id: string;
  kind: NoticeKind;
  clientId: string;
  uri: string;
  facts: string;
  state: 'waiting' | 'delivered' | 'dead';
  tries: number;
  madeAt: Date;
  dueAt: Date;
  problem?: string;
  expiresAt?: Date;
}

const schema = new Schema<NoticeDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    clientId: { type: String, required: true },
    uri: { type: String, required: true },
    facts: { type: String, required: true },
    state: { type: String, required: true },
    tries: { type: Number, required: true },
    madeAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    problem: String,
    expiresAt: Date,
  },
  { versionKey: false },
);
// The client as well: those of one that does not answer are passed over without being read.
schema.index({ state: 1, dueAt: 1, clientId: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const noticeModel = (connection: Connection) =>
  defineModel(connection, 'identity_notice', schema);

/** A notice that nobody took, as people see it. */
export interface DeadNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly clientId: string;
  readonly uri: string;
  readonly tries: number;
  readonly madeAt: Date;
  readonly problem: string;
}

export interface NoticeStore {
  add(notice: Pick<Notice, 'kind' | 'clientId' | 'uri' | 'facts'>): Promise<void>;
  /**
   * Takes the next one that is due to a client that is not busy, for {@link CLAIM_SECONDS}; of several deliverers one
   * gets it.
   */
  claim(busyClients: readonly string[]): Promise<Notice | undefined>;
  delivered(id: string): Promise<void>;
  /** Waits for its next try, or is dead. Returns which. */
  failed(notice: Notice, problem: string): Promise<'waiting' | 'dead'>;
  /** The newest that nobody took, at most a hundred. */
  dead(): Promise<DeadNotice[]>;
  /** Gives a dead one its tries back. False when there is no such dead notice. */
  revive(id: string, session?: ClientSession): Promise<boolean>;
  /** Takes a dead one away: its client is never told. False when there is no such dead notice. */
  drop(id: string, session: ClientSession): Promise<boolean>;
}

/** Notices to clients, in the database until they are delivered: at least once, by any process. */
export function openNoticeStore(
  connection: Connection,
  { clock, secrets }: { clock: Clock; secrets: readonly string[] },
): NoticeStore {
  const notices = noticeModel(connection);
  const after = (ms: number) => new Date(clock.now().getTime() + ms);

  return {
    add: async ({ kind, clientId, uri, facts }) => {
      const now = clock.now();
      const sealed = seal(JSON.stringify(facts), secrets[0] ?? '', 'notice');
      const fresh = { state: 'waiting' as const, tries: 0, madeAt: now, dueAt: now };
      await notices.create([{ _id: randomUUID(), kind, clientId, uri, facts: sealed, ...fresh }]);
    },
    claim: async (busyClients) => {
      const row = await notices
        .findOneAndUpdate(
          { state: 'waiting', dueAt: { $lte: clock.now() }, clientId: { $nin: busyClients } },
          { $set: { dueAt: after(CLAIM_SECONDS * 1_000) }, $inc: { tries: 1 } },
          { sort: { dueAt: 1 }, returnDocument: 'after' },
        )
        .lean();
      if (!row) return undefined;
      const { _id: id, kind, clientId, uri, tries } = row;
      const facts = JSON.parse(unseal(row.facts, secrets, 'notice')) as Notice['facts'];
      return { id, kind, clientId, uri, tries, facts };
    },
    delivered: async (id) => {
      await notices.updateOne(
        { _id: id },
        { $set: { state: 'delivered', expiresAt: after(DAY_MS) } },
      );
    },
    failed: async ({ id, tries }, problem) => {
      if (problem === ClientStopped.name) {
        // As long as a dead one would be kept; then it is tried out as any other.
        const { matchedCount } = await notices.updateOne(
          { _id: id, state: 'waiting', madeAt: { $gt: after(-DEAD_DAYS * DAY_MS) } },
          { $set: { dueAt: after(STOPPED_WAIT_SECONDS * 1_000), problem }, $inc: { tries: -1 } },
        );
        if (matchedCount === 1) return 'waiting';
      }
      const next = nextTry(tries);
      const change =
        next === 'DEAD'
          ? { state: 'dead' as const, problem, expiresAt: after(DEAD_DAYS * DAY_MS) }
          : { dueAt: after(next.waitSeconds * 1_000), problem };
      await notices.updateOne({ _id: id, state: 'waiting' }, { $set: change });
      return next === 'DEAD' ? 'dead' : 'waiting';
    },
    dead: async () => {
      const rows = await notices
        .find({ state: 'dead' })
        .sort({ madeAt: -1 })
        .limit(LISTED_MAX)
        .lean();
      return rows.map(({ _id: id, kind, clientId, uri, tries, madeAt, problem = '' }) => ({
        id,
        kind,
        clientId,
        uri,
        tries,
        madeAt,
        problem,
      }));
    },
    revive: async (id, session) => {
      const { matchedCount } = await notices.updateOne(
        { _id: id, state: 'dead' },
        { $set: { state: 'waiting', tries: 0, dueAt: clock.now() }, $unset: { expiresAt: '' } },
        session ? { session } : {},
      );
      return matchedCount === 1;
    },
    drop: async (id, session) =>
      (await notices.deleteOne({ _id: id, state: 'dead' }).session(session)).deletedCount === 1,
  };
}
