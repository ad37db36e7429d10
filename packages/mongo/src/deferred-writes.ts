import assert from 'node:assert/strict';
import type { ClientSession, Collection, Connection, mongo } from 'mongoose';

/** Where a write goes: the model of any collection. */
interface Into {
  readonly db: Connection;
  readonly collection: Collection;
}

/** One write of one document: into a unit of work that sends it later, or beside others. */
export type RowWrite =
  | { readonly name: 'insertOne'; readonly into: Into; readonly document: object }
  | {
      readonly name: 'updateOne';
      readonly into: Into;
      readonly filter: object;
      readonly update: object;
      readonly upsert?: true;
      /** What is said when the filter matches nothing; null where that is no error. */
      readonly otherwise: string | null;
    }
  | {
      readonly name: 'deleteOne';
      readonly into: Into;
      readonly filter: object;
      readonly otherwise: string;
    };

/** What waits in a session, and whether it can be sent as one command. */
interface Waiting {
  readonly writes: RowWrite[];
  readonly asOne: boolean;
}
const waiting = new WeakMap<ClientSession, Waiting>();

// MongoDB 8.0: from there on one command writes into several collections.
const BULK_WIRE_VERSION = 25;

/** From now on the writes of this session wait until something is read in it, or it is committed. */
export const deferWrites = (session: ClientSession, asOne: boolean): void =>
  void waiting.set(session, { writes: [], asOne });

/** Keeps a write back; false when the session does not wait, and the caller sends it. */
export function defer(session: ClientSession | null | undefined, write: RowWrite): boolean {
  const into = session ? waiting.get(session) : undefined;
  into?.writes.push(write);
  return into !== undefined;
}

/**
 * Sends what waits, in its order: one command where the server has it, and otherwise one each. A filter that matches
 * nothing is no error to the database, and here it is one.
 * @throws AssertionError when an update or a deletion matched nothing that has to match
 */
export async function sendWrites(session: ClientSession): Promise<void> {
  const { writes: waited, asOne } = waiting.get(session) ?? { writes: [], asOne: false };
  const writes = waited.splice(0);
  await sendTogether(writes, asOne, session);
}

/**
 * Sends writes in their order, as one command where the server has it. Without a session each of them stands by itself, and
 * behind the first that fails none is written.
 */
async function sendTogether(
  writes: readonly RowWrite[],
  asOne: boolean,
  session: ClientSession | null,
): Promise<void> {
  const [first, second] = writes;
  if (!first) return;
  if (!second || !asOne) {
    for (const write of writes) await sendOne(write, session);
    return;
  }
  const client = first.into.db.getClient();
  const mayMiss = writes.some((write) => write.name === 'updateOne' && write.otherwise === null);
  const options = { ...(session ? { session } : {}), ordered: true, verboseResults: mayMiss };
  const result = await client.bulkWrite(writes.map(toModel), options).catch(unwrapped);
  if (mayMiss) {
    for (const [index, write] of writes.entries()) {
      const updated = result.updateResults?.get(index)?.matchedCount;
      const found = updated ?? result.deleteResults?.get(index)?.deletedCount;
      if (isStrict(write)) assert.equal(found, 1, write.otherwise);
    }
    return;
  }
  // Only sums are asked for: each filter names one document, so that the sum tells whether one matched nothing.
  const strict = writes.filter(isStrict);
  const said = [...new Set(strict.map(({ otherwise }) => otherwise))].join('; or ');
  assert.equal(result.matchedCount + result.deletedCount, strict.length, said);
}

/** Writes of documents that wait where the session does, and are sent at once otherwise. */
export async function writeRows(
  connection: Connection,
  writes: readonly RowWrite[],
  session: ClientSession | null = null,
): Promise<void> {
  if (session && waiting.has(session)) {
    for (const write of writes) defer(session, write);
    return;
  }
  await sendTogether(writes, canSendAsOne(connection), session);
}

const isStrict = (
  write: RowWrite,
): write is Exclude<RowWrite, { name: 'insertOne' }> & { readonly otherwise: string } =>
  write.name !== 'insertOne' && write.otherwise !== null;

// What the server said of the whole command, its labels included, the driver wraps into an error without them.
function unwrapped(error: unknown): never {
  const wraps = error instanceof Error && error.cause instanceof Error && 'writeErrors' in error;
  throw wraps ? error.cause : error;
}

async function sendOne(write: RowWrite, session: ClientSession | null): Promise<void> {
  const { collection } = write.into;
  const options = session ? { session } : {};
  if (write.name === 'insertOne') {
    await collection.insertOne(write.document as never, options);
    return;
  }
  if (write.name === 'deleteOne') {
    const { deletedCount } = await collection.deleteOne(write.filter, options);
    assert.equal(deletedCount, 1, write.otherwise);
    return;
  }
  const { filter, update, upsert = false, otherwise } = write;
  const { matchedCount } = await collection.updateOne(filter, update, { ...options, upsert });
  if (otherwise !== null) assert.equal(matchedCount, 1, otherwise);
}

function toModel(write: RowWrite): mongo.AnyClientBulkWriteModel<mongo.Document> {
  const { db, collection } = write.into;
  const namespace = `${db.name}.${collection.collectionName}`;
  switch (write.name) {
    case 'insertOne':
      return { namespace, name: 'insertOne', document: write.document as mongo.Document };
    case 'deleteOne':
      return { namespace, name: 'deleteOne', filter: write.filter as mongo.Document };
    case 'updateOne':
      return {
        namespace,
        name: 'updateOne',
        filter: write.filter as mongo.Document,
        update: write.update as mongo.Document,
        ...(write.upsert && { upsert: true }),
      };
  }
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
