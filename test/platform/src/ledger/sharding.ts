import type { Connection } from 'mongoose';

/** By which key a collection is divided (docs/scale.md). */
export interface Sharding {
  readonly collection: string;
  readonly key: Readonly<Record<string, 'hashed' | 1>>;
}

export const SHARDINGS: readonly Sharding[] = [
  // By ranges, as no unique index may have a hash in front. The ids of wallets are random, so no range is busier.
  { collection: 'ledger_accounts', key: { w: 1 } },
  { collection: 'ledger_journal', key: { w: 1 } },
  { collection: 'wallet_codes', key: { walletId: 'hashed' } },
  { collection: 'wallet_payments', key: { _id: 'hashed' } },
];

/** An index as the server tells it. */
export interface ServerIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly unique?: boolean;
}

/** Told to the server: of the database, or of the cluster. */
export type ShardCommand =
  | { readonly createIndexes: string; readonly indexes: readonly object[] }
  | { readonly enableSharding: string }
  | { readonly shardCollection: string; readonly key: Sharding['key'] };

/** What is asked of the server for one collection, in order, or why it would refuse. */
export type ShardingStep =
  | { readonly collection: string; readonly commands: readonly ShardCommand[] }
  | { readonly collection: string; readonly blockedBy: readonly string[] };

/**
 * What divides the collections. A unique index holds on one shard alone, so the server refuses a collection that has one
 * without its key in front; a hashed key can stand in front of none. `_id` it lets pass, as unique on each shard.
 * Of a collection that holds documents the server wants an index that begins with the key: it is made where none does.
 */
export function shardingSteps(
  database: string,
  indexesOf: (collection: string) => readonly ServerIndex[],
  shardings: readonly Sharding[] = SHARDINGS,
): readonly ShardingStep[] {
  return shardings.map(({ collection, key }) => {
    const indexes = indexesOf(collection);
    const blockedBy = indexes
      .filter(
        (index) =>
          index.unique === true &&
          index.name !== '_id_' &&
          !(startsWith(index, key) && isByRange(key)),
      )
      .map(({ name }) => name);
    if (blockedBy.length > 0) return { collection, blockedBy };
    const name = Object.entries(key).flat().join('_');
    const isFound = indexes.some((index) => startsWith(index, key));
    return {
      collection,
      commands: [
        ...(isFound ? [] : [{ createIndexes: collection, indexes: [{ key, name }] }]),
        { shardCollection: `${database}.${collection}`, key },
      ],
    };
  });
}

const isByRange = (key: Sharding['key']): boolean =>
  Object.values(key).every((order) => order === 1);

// A field is named before the number that counts in its place: the order of an object's names is that of the index.
const startsWith = (index: ServerIndex, key: Sharding['key']): boolean => {
  const first = Object.entries(index.key);
  return Object.entries(key).every(
    ([field, order], n) => first[n]?.[0] === field && first[n]?.[1] === order,
  );
};

/** Who is asked: the server that the connection leads to. */
export interface ShardServer {
  readonly database: string;
  isRouter(): Promise<boolean>;
  indexesOf(collection: string): Promise<readonly ServerIndex[]>;
  run(command: ShardCommand): Promise<void>;
}

/**
 * Prints what would divide the collections, or does it. Nothing is done while one collection is blocked: a half that is divided
 * makes payments cross shards.
 */
export async function shard(
  server: ShardServer,
  { apply }: { readonly apply: boolean },
  say: (line: string) => void,
): Promise<number> {
  const indexes = new Map<string, readonly ServerIndex[]>();
  for (const { collection } of SHARDINGS)
    indexes.set(collection, await server.indexesOf(collection));
  const steps = shardingSteps(server.database, (collection) => indexes.get(collection) ?? []);
  const commands: ShardCommand[] = [
    { enableSharding: server.database },
    ...steps.flatMap((step) => ('commands' in step ? step.commands : [])),
  ];
  for (const command of commands) say(JSON.stringify(command));
  const blocked = steps.flatMap((step) => ('blockedBy' in step ? [step] : []));
  for (const { collection, blockedBy } of blocked) {
    say(
      `blocked: ${collection} has unique indexes without its key in front: ${blockedBy.join(', ')}`,
    );
  }
  if (!apply) return blocked.length === 0 ? 0 : 1;
  if (blocked.length > 0) throw new Error('nothing was divided');
  if (!(await server.isRouter()))
    throw new Error('this is no router (mongos): nothing was divided');
  for (const command of commands) await server.run(command);
  say(`${commands.length} commands done`);
  return 0;
}

/** The server behind a connection. */
export function shardServer(connection: Connection): ShardServer {
  const admin = connection.getClient().db('admin');
  return {
    database: connection.name,
    isRouter: async () => (await admin.command({ hello: 1 }))['msg'] === 'isdbgrid',
    indexesOf: async (collection) =>
      (await connection.collection(collection).indexes()).map(({ name = '', key, unique }) => ({
        name,
        key: { ...key },
        ...(unique === undefined ? {} : { unique }),
      })),
    run: async (command) => {
      const database =
        'createIndexes' in command ? connection.getClient().db(connection.name) : admin;
      await database.command({ ...command });
    },
  };
}
