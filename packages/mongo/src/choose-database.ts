import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runningEngine, runningEngineUri, spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { type DatabaseEnd, mongodUri, startMongod } from './mongod.ts';
import { runningMongod } from './mongod-note.ts';

/** A database that the services can connect to. They know only its URI. */
export interface ChosenDatabase {
  readonly uri: string;
  readonly kind: 'MONGODB_URI' | 'mongod' | 'embedded';
  /** One line for the banner. */
  readonly description: string;
  /** Comes true when the database process, if it is ours, has ended without being told to. */
  readonly ended: Promise<DatabaseEnd>;
  /** Ends the database process if it is ours; a foreign server is left alone. */
  stop(): Promise<void>;
}

// Our units of work end within five seconds. What a killed process had locked is free again soon after.
const TRANSACTION_SECONDS = 10;

/**
 * Chooses the database: `MONGODB_URI` if it is set, else a `mongod` found on PATH (started as a one-node
 * replica set in the data folder), else the embedded engine in a process of its own. A process that we
 * started ends with us, also when we are killed.
 */
export async function chooseDatabase(options: {
  uri?: string | undefined;
  dataDir: string;
  /** The PATH to look for `mongod` in; empty: do not look. */
  path: string;
  /** Told each line that the embedded engine says: what went wrong in it. */
  onSaid?: (line: string) => void;
}): Promise<ChosenDatabase> {
  if (options.uri)
    return foreign({
      uri: options.uri,
      kind: 'MONGODB_URI',
      description: 'MongoDB given by MONGODB_URI',
    });
  const mongod = findOnPath('mongod', options.path);
  if (mongod) {
    const dataDir = path.join(options.dataDir, 'mongod');
    await mkdir(dataDir, { recursive: true });
    const started = await startMongod({ mongod, dataDir });
    return ours(started, {
      kind: 'mongod',
      description: `mongod found on PATH, data in ${dataDir}`,
    });
  }
  const dataDir = path.join(options.dataDir, 'embedded-mongo');
  const { onSaid } = options;
  const started = await spawnEmbeddedMongo({
    dataDir,
    transactionSeconds: TRANSACTION_SECONDS,
    ...(onSaid && { onSaid }),
  });
  return ours(started, { kind: 'embedded', description: `embedded engine, data in ${dataDir}` });
}

/** A database process that we have started. */
interface Started {
  readonly uri: string;
  readonly ended: Promise<DatabaseEnd>;
  stop(): Promise<void>;
}

function ours(
  { uri, ended, stop }: Started,
  named: Pick<ChosenDatabase, 'kind' | 'description'>,
): ChosenDatabase {
  let told = false;
  return {
    ...named,
    uri,
    ended: new Promise((resolve) => void ended.then((end) => !told && resolve(end))),
    stop: async () => {
      told = true;
      await stop();
    },
  };
}

const foreign = (
  database: Pick<ChosenDatabase, 'uri' | 'kind' | 'description'>,
): ChosenDatabase => ({ ...database, ended: new Promise(() => {}), stop: async () => {} });

/**
 * The database of a platform that may be running: its embedded engine or its mongod if one serves the data folder, and
 * otherwise what {@link chooseDatabase} chooses. For tools that work beside it.
 */
export async function joinDatabase(
  options: Parameters<typeof chooseDatabase>[0],
): Promise<ChosenDatabase> {
  if (options.uri) return chooseDatabase(options);
  const engine = runningEngineUri(path.join(options.dataDir, 'embedded-mongo'));
  if (engine !== null)
    return foreign({
      uri: engine,
      kind: 'embedded',
      description: 'the embedded engine that is running',
    });
  const mongod = runningMongod(path.join(options.dataDir, 'mongod'));
  if (mongod)
    return foreign({
      uri: mongodUri(mongod.port),
      kind: 'mongod',
      description: 'the mongod that is running',
    });
  return chooseDatabase(options);
}

/** The process of a database of ours that works on the data folder now, of either kind; null when none does. */
export const databaseProcess = (dataDir: string): number | null =>
  runningEngine(path.join(dataDir, 'embedded-mongo'))?.pid ??
  runningMongod(path.join(dataDir, 'mongod'))?.pid ??
  null;

function findOnPath(program: string, searchPath: string): string | undefined {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));
}
