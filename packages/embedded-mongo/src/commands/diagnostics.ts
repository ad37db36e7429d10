import { arch, availableParallelism, hostname, platform, release, totalmem, type } from 'node:os';
import { dbOf, type Collection } from '../catalog/collection.ts';
import { checkCollection } from '../index/check.ts';
import { SnapshotView } from '../transactions/view.ts';
import type { Plain } from '../values/encode.ts';
import { CommandError, code, notImplemented } from '../values/errors.ts';
import { sized } from '../values/number.ts';
import { UtcDate } from '../values/types.ts';
import { flag, targetOf, namespaceOf, type Context, type Handler } from './context.ts';

/** The server version this engine speaks as. */
export const VERSION = '8.0.0';

/** This engine's own version, in `buildInfo`. */
export const ENGINE_VERSION = '0.1.0';

/** `ping` */
export const ping: Handler = () => ({});

/** `buildInfo` */
export const buildInfo: Handler = () => ({
  version: VERSION,
  versionArray: [8, 0, 0, 0],
  gitVersion: 'embedded',
  embeddedMongo: ENGINE_VERSION,
  modules: [],
  storageEngines: ['embedded'],
  bits: 64,
  debug: false,
  maxBsonObjectSize: 16 * 1024 * 1024,
});

/** `connectionStatus` */
export const connectionStatus: Handler = () => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
});

/** `serverStatus` */
export const serverStatus: Handler = (context) => {
  const { engine, peer } = context;
  const open = engine.sessions.open();
  return {
    host: peer.host,
    version: VERSION,
    process: 'embedded-mongo',
    pid: BigInt(process.pid),
    uptime: Math.floor(process.uptime()),
    localTime: new UtcDate(engine.now()),
    storageEngine: { name: 'embedded', supportsCommittedReads: true, persistent: true },
    mem: { resident: Math.round(process.memoryUsage.rss() / 1048576), bits: 64 },
    metrics: { cursor: { open: { total: sized(engine.cursors.size) } } },
    transactions: { currentOpen: open.length, undoEntries: sized(engine.snapshots.size) },
    logicalSessionRecordCache: { activeSessionsCount: engine.sessions.ids().length },
  };
};

function statsOf(
  context: Context,
  collections: readonly Collection[],
): { objects: number; indexes: number } {
  let objects = 0;
  let indexes = 0;
  for (const collection of collections) {
    objects += context.engine.count(collection);
    indexes += collection.indexes.length;
  }
  return { objects, indexes };
}

/** `dbStats`: counts are true, sizes are those of the one data file. */
export const dbStats: Handler = (context) => {
  const collections = context.engine.catalog.all().filter((c) => dbOf(c.ns) === context.db);
  const { objects, indexes } = statsOf(context, collections);
  const size = sized(context.engine.store.fileBytes());
  return {
    db: context.db,
    collections: collections.length,
    views: 0,
    objects: sized(objects),
    indexes,
    dataSize: size,
    storageSize: size,
    totalSize: size,
    indexSize: 0,
    ok: 1,
  };
};

/** `collStats`: counts are true, sizes are not kept per collection. */
export const collStats: Handler = (context): Plain => {
  const ns = namespaceOf(context);
  const collection = targetOf(context);
  const { objects, indexes } = statsOf(context, collection ? [collection] : []);
  return {
    ns,
    count: sized(objects),
    size: 0,
    storageSize: 0,
    nindexes: indexes,
    totalIndexSize: 0,
    indexSizes: {},
    capped: false,
  };
};

/** `validate`: every document against every index entry, in a snapshot, with turns for others. */
export const validate: Handler = async (context) => {
  const { body, engine, budget } = context;
  const ns = namespaceOf(context);
  const collection = targetOf(context);
  if (flag(body, 'background') && flag(body, 'full'))
    throw new CommandError(
      code.InvalidOptions,
      'Running the validate command with both { background: true } and { full: true } is not supported.',
    );
  if (!collection)
    throw new CommandError(
      code.NamespaceNotFound,
      `Collection '${ns}' does not exist to validate.`,
    );
  const view = new SnapshotView(engine.clock.current());
  engine.snapshots.acquire(view.ts);
  try {
    const walk = checkCollection(collection, view);
    let step = walk.next();
    for (; !step.done; step = walk.next()) await budget.pause();
    const { documents, entries, findings } = step.value;
    return {
      ns,
      nrecords: sized(documents),
      nIndexes: entries.size,
      keysPerIndex: new Map([...entries].map(([name, count]) => [name, sized(count)])),
      valid: findings.length === 0,
      warnings: [],
      errors: findings,
    };
  } finally {
    engine.snapshots.release(view.ts);
  }
};

/** `replSetGetStatus` */
export const replSetGetStatus: Handler = (context) => ({
  set: 'rs0',
  myState: 1,
  members: [
    { _id: 0, name: context.peer.host, health: 1, state: 1, stateStr: 'PRIMARY', self: true },
  ],
});

/** `profile`: profiling is off; it can be asked for and turned off, not on. */
export const profile: Handler = (context) => {
  const level = context.body.get('profile');
  if (level !== -1 && level !== 0) throw notImplemented(`profile with the level ${String(level)}`);
  return { was: 0, slowms: 100, sampleRate: 1 };
};

/** `currentOp` */
export const currentOp: Handler = (context) => ({ inprog: context.engine.operations.shown() });

/** `hostInfo` */
export const hostInfo: Handler = (context) => ({
  system: {
    currentTime: new UtcDate(context.engine.now()),
    hostname: hostname(),
    cpuAddrSize: 64,
    memSizeMB: sized(Math.round(totalmem() / 1048576)),
    numCores: availableParallelism(),
    cpuArch: arch(),
  },
  os: { type: type(), name: platform(), version: release() },
});
