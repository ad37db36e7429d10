import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { IdSource } from '@7pay/ids';
import { defineModel, findRows, insertRow, isDuplicateKey } from '@7pay/mongo';
import type { Clock } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import {
  AUDIT_CHAINS,
  type AuditEvent,
  type AuditFacts,
  type AuditKind,
  CHAIN_START,
  type ChainEnd,
  placeEvent,
  type UnplacedEvent,
} from './audit-event.ts';

export interface AuditDocument extends Omit<AuditEvent, 'id'> {
  _id: string;
}

const text = { type: String, required: true } as const;
const schema = new Schema<AuditDocument>(
  {
    _id: text,
    chain: { type: Number, required: true },
    n: { type: Number, required: true },
    at: { type: Date, required: true },
    kind: text,
    facts: { type: Schema.Types.Mixed, required: true },
    prev: { type: String, default: '' },
    hash: text,
  },
  { versionKey: false, minimize: false },
)
  .index({ chain: 1, n: 1 }, { unique: true }) // two at once never have one place
  .index({ at: -1, _id: -1 })
  .index({ kind: 1, at: -1, _id: -1 })
  .index({ 'facts.memberId': 1, at: -1, _id: -1 });

export const auditModel = (connection: Connection) =>
  defineModel(connection, 'identity_audit', schema);

/** The record of what happened at 7iD. Nothing in it is ever changed or taken away. */
export interface Audit {
  /**
   * Appends an event. With a session in its transaction, which runs again when another event has taken the place.
   * Without one it is tried until it stands; of many at once, those of one process are written together.
   * @throws the last error when it cannot be written for {@link APPEND_MS_MAX}: what it tells of must not happen
   */
  append(kind: AuditKind, facts: AuditFacts, session?: ClientSession): Promise<void>;
}

/** How long an event is tried for, in milliseconds. */
export const APPEND_MS_MAX = 10_000;
/** Events in one write. */
const TOGETHER_MAX = 200;
/** Events that wait for a write, in one process; the next is refused, and with it what it tells of. */
const WAITING_MAX = 20_000;
const PAUSE_MS_MAX = 40;

export function openAudit(
  connection: Connection,
  { clock, ids }: { clock: Clock; ids: IdSource },
): Audit {
  const model = auditModel(connection);
  const waiting: { event: UnplacedEvent; done: () => void; failed: (error: unknown) => void }[] =
    [];
  let writing = false;
  let last: Place | null = null;

  const drain = async () => {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, TOGETHER_MAX);
      try {
        last = await writeTogether(
          model,
          batch.map(({ event }) => event),
          last,
        );
        for (const { done } of batch) done();
      } catch (error) {
        last = null;
        for (const { failed } of batch) failed(error);
      }
    }
    writing = false;
  };

  return {
    append: async (kind, facts, session) => {
      const event = { id: ids.next('aud'), at: clock.now(), kind, facts: known(facts) };
      const chain = randomInt(AUDIT_CHAINS);
      placeEvent(event, chain, CHAIN_START); // a fact that may not be kept fails here, alone
      if (session) {
        const placed = placeEvent(event, chain, await endOf(model, chain, session));
        return insertRow(model, toDocument(placed), session);
      }
      if (waiting.length >= WAITING_MAX) throw new Error('the audit record cannot keep up');
      return new Promise((done, failed) => {
        waiting.push({ event, done, failed });
        void drain();
      });
    },
  };
}

const known = (facts: AuditFacts): AuditFacts =>
  Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));

type Model = ReturnType<typeof auditModel>;

async function endOf(
  model: Model,
  chain: number,
  session: ClientSession | null,
): Promise<ChainEnd> {
  const [last] = await findRows(
    model,
    { chain },
    { session, sort: { chain: -1, n: -1 }, limit: 1 },
  );
  return last ?? CHAIN_START;
}

interface Place {
  readonly chain: number;
  readonly end: ChainEnd;
}

/**
 * Writes events behind each other in one chain: behind `last`, where this process wrote before, or in another one while
 * somebody else takes the places. Whoever remembers wrongly where a chain ends meets the unique index, and looks.
 * @returns where the last of them stands; null when only a look would tell
 */
async function writeTogether(
  model: Model,
  events: readonly UnplacedEvent[],
  last: Place | null,
): Promise<Place | null> {
  const start = performance.now();
  let left = events;
  let place = last;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const chain = place?.chain ?? randomInt(AUDIT_CHAINS);
      let end = place?.end ?? (await endOf(model, chain, null));
      const documents = left.map((event) => {
        const placed = placeEvent(event, chain, end);
        end = placed;
        return toDocument(placed);
      });
      // In order: behind the first that does not stand, none does, so that no chain has a gap.
      await model.collection.insertMany(documents as never[], { ordered: true });
      return { chain, end: { n: end.n, hash: end.hash } };
    } catch (error) {
      place = null;
      const late = performance.now() - start > APPEND_MS_MAX;
      if (late && !isDuplicateKey(error)) throw error;
      if (performance.now() - start > 3 * APPEND_MS_MAX) throw error;
      await wait(Math.random() * Math.min(PAUSE_MS_MAX, 2 ** attempt));
      // Whatever the answer was, and if it was lost: what stands, stands.
      left = await unwritten(model, left).catch(() => left);
      if (left.length === 0) return null;
    }
  }
}

async function unwritten(model: Model, events: readonly UnplacedEvent[]): Promise<UnplacedEvent[]> {
  const rows = await findRows(model, { _id: { $in: events.map(({ id }) => id) } });
  const written = new Set(rows.map(({ _id }) => _id));
  return events.filter(({ id }) => !written.has(id));
}

const toDocument = ({ id, ...event }: AuditEvent): AuditDocument => ({ _id: id, ...event });
export const toAuditEvent = ({ _id: id, ...event }: AuditDocument): AuditEvent => ({
  id,
  ...event,
});

/** Where each chain ends now. */
export async function chainEnds(connection: Connection): Promise<ReadonlyMap<number, ChainEnd>> {
  const model = auditModel(connection);
  const ends = new Map<number, ChainEnd>();
  for (let chain = 0; chain < AUDIT_CHAINS; chain += 1) {
    const { n, hash } = await endOf(model, chain, null);
    ends.set(chain, { n, hash });
  }
  return ends;
}

/** The events of all chains up to their ends, chain after chain and in order. */
export async function* eventsUpTo(
  connection: Connection,
  ends: ReadonlyMap<number, ChainEnd>,
): AsyncGenerator<AuditEvent> {
  const { collection } = auditModel(connection);
  for (const [chain, { n }] of ends) {
    const cursor = collection.find({ chain, n: { $lte: n } }).sort({ chain: 1, n: 1 });
    for await (const row of cursor) yield toAuditEvent(row as unknown as AuditDocument);
  }
}
