import type { Connection } from 'mongoose';

/** By which key a collection is divided (docs/scale.md). */
export interface Sharding {
  readonly collection: string;
  readonly key: Readonly<Record<string, 'hashed'>>;
}

export const SHARDINGS: readonly Sharding[] = [
  { collection: 'ledger_accounts', key: { w: 'hashed' } },
  { collection: 'ledger_journal', key: { w: 'hashed' } },
  { collection: 'wallet_codes', key: { walletId: 'hashed' } },
  { collection: 'wallet_payments', key: { _id: 'hashed' } },
];

/** An index as the server tells it. */
export interface ServerIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly unique?: boolean;
}

/** What is asked of the server for one collection, or why it would refuse. */
export type ShardingStep =
  | { readonly collection: string; readonly command: Readonly<Record<string, unknown>> }
  | { readonly collection: string; readonly blockedBy: readonly string[] };

/**
 * What divides the collections. A unique index holds on one shard alone, so the server refuses a collection that has one
 * without its key in front; a hashed key can stand in front of none. `_id` it lets pass, as unique on each shard.
 */
export function shardingSteps(
  database: string,
  indexesOf: (collection: string) => readonly ServerIndex[],
  shardings: readonly Sharding[] = SHARDINGS,
): readonly ShardingStep[] {
  return shardings.map(({ collection, key }) => {
    const blockedBy = indexesOf(collection)
      .filter(({ name, unique }) => unique === true && name !== '_id_')
      .map(({ name }) => name);
    if (blockedBy.length > 0) return { collection, blockedBy };
    return { collection, command: { shardCollection: `${database}.${collection}`, key } };
  });
}

/** Who is asked: the server that the connection leads to. */
export interface ShardServer {
  readonly database: string;
  isRouter(): Promise<boolean>;
  indexesOf(collection: string): Promise<readonly ServerIndex[]>;
  run(command: Readonly<Record<string, unknown>>): Promise<void>;
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
  const commands = [
    { enableSharding: server.database },
    ...steps.flatMap((step) => ('command' in step ? [step.command] : [])),
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
    run: async (command) => void (await admin.command({ ...command })),
  };
}
