import assert from 'node:assert/strict';
import type { ClientSession, Collection, Connection, mongo } from 'mongoose';

/** Where a write goes: the model of any collection. */
interface Into {
  readonly db: Connection;
  readonly collection: Collection;
}

/** A write of a unit of work that has not been sent yet. */
type Deferred =
  | { readonly name: 'insertOne'; readonly into: Into; readonly document: object }
  | {
      readonly name: 'updateOne';
      readonly into: Into;
      readonly filter: object;
      readonly update: object;
      /** What is said when the filter matches nothing. */
      readonly otherwise: string;
    };

/** What waits in a session, and whether it can be sent as one command. */
interface Waiting {
  readonly writes: Deferred[];
  readonly asOne: boolean;
}
const waiting = new WeakMap<ClientSession, Waiting>();

// MongoDB 8.0: from there on one command writes into several collections.
const BULK_WIRE_VERSION = 25;

/** From now on the writes of this session wait until something is read in it, or it is committed. */
export const deferWrites = (session: ClientSession, asOne: boolean): void =>
  void waiting.set(session, { writes: [], asOne });

/** Keeps a write back; false when the session does not wait, and the caller sends it. */
export function defer(session: ClientSession | null | undefined, write: Deferred): boolean {
  const into = session ? waiting.get(session) : undefined;
  into?.writes.push(write);
  return into !== undefined;
}

/**
 * Sends what waits, in its order: one command where the server has it, and otherwise one each. A filter that matches
 * nothing is no error to the database, and here it is one.
 * @throws AssertionError when an update matched nothing
 */
export async function sendWrites(session: ClientSession): Promise<void> {
  const { writes: waited, asOne } = waiting.get(session) ?? { writes: [], asOne: false };
  const writes = waited.splice(0);
  const [first, second] = writes;
  if (!first) return;
  if (!second || !asOne) {
    for (const write of writes) await sendOne(write, session);
    return;
  }
  const client = first.into.db.getClient();
  const updates = writes.flatMap((write) => (write.name === 'updateOne' ? write.otherwise : []));
  // Only sums are asked for: each filter names one document, so that the sum tells whether one matched nothing.
  const options = { session, ordered: true };
  const result = await client.bulkWrite(writes.map(toModel), options).catch(unwrapped);
  assert.equal(result.matchedCount, updates.length, [...new Set(updates)].join('; or '));
}

// What the server said of the whole command, its labels included, the driver wraps into an error without them.
function unwrapped(error: unknown): never {
  const wraps = error instanceof Error && error.cause instanceof Error && 'writeErrors' in error;
  throw wraps ? error.cause : error;
}

async function sendOne(write: Deferred, session: ClientSession): Promise<void> {
  const { collection } = write.into;
  if (write.name === 'insertOne') {
    await collection.insertOne(write.document as never, { session });
    return;
  }
  const options = { session };
  const { matchedCount } = await collection.updateOne(write.filter, write.update, options);
  assert.equal(matchedCount, 1, write.otherwise);
}

function toModel(write: Deferred): mongo.AnyClientBulkWriteModel<mongo.Document> {
  const { db, collection } = write.into;
  const namespace = `${db.name}.${collection.collectionName}`;
  return write.name === 'insertOne'
    ? { namespace, name: 'insertOne', document: write.document as mongo.Document }
    : {
        namespace,
        name: 'updateOne',
        filter: write.filter as mongo.Document,
        update: write.update as mongo.Document,
      };
}

/** Whether the server has one command for all; asked of the servers that the driver has greeted. */
export function canSendAsOne(connection: Connection): boolean {
  const { topology } = connection.getClient() as unknown as {
    // The driver tells the version of its servers nowhere else.
    readonly topology?: {
      readonly description: {
        readonly servers: ReadonlyMap<string, { readonly maxWireVersion: number }>;
      };
    };
  };
  const servers = [...(topology?.description.servers.values() ?? [])];
  return (
    servers.length > 0 && servers.every(({ maxWireVersion }) => maxWireVersion >= BULK_WIRE_VERSION)
  );
}
