import { defineModel } from '@7pay/mongo';
import { type Clock, systemClock } from '@7pay/time';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { DomainEvent } from './event.ts';
import { inboxModel } from './inbox.ts';
import { positionModel } from './position.store.ts';

/** Where events come from: a collection that is only ever inserted into, and how a document reads as an event. */
export interface Feed {
  readonly collection: string;
  /** Whether events of this name come from here. */
  carries(eventName: string): boolean;
  /** Which inserts are these events, as conditions on the change. */
  match(eventNames: readonly string[]): Readonly<Record<string, unknown>>;
  /** The event in a document, or nothing if the document is none. */
  toEvent(document: Readonly<Record<string, unknown>>): DomainEvent | null;
  /** Everything that was written since an instant, oldest first, for catching up when a stream cannot resume. */
  since(connection: Connection, at: Date): AsyncIterable<Readonly<Record<string, unknown>>>;
  /** The instant of a document that {@link since} goes by; that of its event unless told. */
  writtenAt?(document: Readonly<Record<string, unknown>>): Date;
}

/** Appends events in the transaction of the rows they tell of. */
export interface Outbox {
  append<Body>(session: ClientSession, event: DomainEvent<Body>): Promise<void>;
}

interface OutboxDocument {
  _id: string;
  name: string;
  /** When it happened, as told by whoever tells of it: perhaps long before it was written. */
  at: Date;
  writtenAt?: Date;
  body: unknown;
}

const COLLECTION = 'events_outbox';
const schema = new Schema<OutboxDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    at: { type: Date, required: true },
    writtenAt: Date,
    body: { type: Schema.Types.Mixed, required: true },
  },
  { versionKey: false, minimize: false },
).index({ writtenAt: 1, at: 1, _id: 1 });

const model = (connection: Connection) => defineModel(connection, COLLECTION, schema);

/** Creates the collections and indexes of the events, once. Safe to run at every start. */
export async function prepareEvents(connection: Connection): Promise<void> {
  for (const each of [model(connection), inboxModel(connection), positionModel(connection)]) {
    await each.createCollection();
    await each.createIndexes();
  }
}

/**
 * The outbox shared by the services on one database; see docs/adr/0006-one-outbox.md.
 * @param clock of this machine: tells when a row is written, and nothing of the event
 */
export function openOutbox(connection: Connection, clock: Clock = systemClock): Outbox {
  const outbox = model(connection);
  return {
    append: async (session, { id, name, at, body }) => {
      const row = { _id: id, name, at: new Date(at), writtenAt: clock.now(), body };
      await outbox.create([row], { session });
    },
  };
}

type Rows = AsyncIterable<Readonly<Record<string, unknown>>>;

/** The outbox as a feed. */
export const eventFeed: Feed = {
  collection: COLLECTION,
  carries: (name) => !name.startsWith('ledger.'),
  match: (names) => ({ 'fullDocument.name': { $in: [...names] } }),
  toEvent: (document) => {
    const { _id, name, at, body } = document as unknown as OutboxDocument;
    return { id: _id, name, at: at.toISOString(), body };
  },
  writtenAt: (document) => {
    const { writtenAt, at } = document as unknown as OutboxDocument;
    return writtenAt ?? at;
  },
  since: async function* (connection, at) {
    const rows = (filter: object) =>
      model(connection).find(filter).sort({ writtenAt: 1, at: 1, _id: 1 }).lean().cursor();
    yield* rows({ writtenAt: null, at: { $gte: at } }) as Rows; // of before this was kept
    yield* rows({ writtenAt: { $gte: at } }) as Rows;
  },
};
