import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runningEngineUri, spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { startMongod } from './mongod.ts';

/** A database that the services can connect to. They know only its URI. */
export interface ChosenDatabase {
  readonly uri: string;
  readonly kind: 'MONGODB_URI' | 'mongod' | 'embedded';
  /** One line for the banner. */
  readonly description: string;
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
}): Promise<ChosenDatabase> {
  if (options.uri) {
    return {
      uri: options.uri,
      kind: 'MONGODB_URI',
      description: 'MongoDB given by MONGODB_URI',
      stop: async () => {},
    };
  }
  const mongod = findOnPath('mongod', options.path);
  if (mongod) {
    const dataDir = path.join(options.dataDir, 'mongod');
    await mkdir(dataDir, { recursive: true });
    const { uri, stop } = await startMongod({ mongod, dataDir });
    return { uri, kind: 'mongod', description: `mongod found on PATH, data in ${dataDir}`, stop };
  }
  const dataDir = path.join(options.dataDir, 'embedded-mongo');
  const { uri, stop } = await spawnEmbeddedMongo({
    dataDir,
    transactionSeconds: TRANSACTION_SECONDS,
  });
  return { uri, kind: 'embedded', description: `embedded engine, data in ${dataDir}`, stop };
}

/**
 * The database of a platform that may be running: its embedded engine if one serves the data folder, and otherwise
 * what {@link chooseDatabase} chooses. For tools that work beside it.
 */
export async function joinDatabase(
  options: Parameters<typeof chooseDatabase>[0],
): Promise<ChosenDatabase> {
  const running = options.uri
    ? null
    : runningEngineUri(path.join(options.dataDir, 'embedded-mongo'));
  if (running === null) return chooseDatabase(options);
  const description = 'the embedded engine that is running';
  return { uri: running, kind: 'embedded', description, stop: async () => {} };
}

function findOnPath(program: string, searchPath: string): string | undefined {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));
}
