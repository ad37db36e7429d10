import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { DataFolderLocked } from '@7pay/embedded-mongo';
import { DatabaseUnreachable } from './connect.ts';
import { noteMongod, readMongodNote, runningMongod } from './mongod-note.ts';
import { becomePrimary } from './one-node-set.ts';

// A parent between us and mongod: its standard input is our pipe, so it notices our end, however sudden,
// and ends the database in order.
const KEEPER = `
const { spawn } = require('node:child_process');
const child = spawn(process.argv[1], process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
const end = () => child.kill('SIGTERM');
process.stdin.on('end', end).on('close', end).resume();
process.on('SIGTERM', end).on('SIGINT', () => {});
child.on('error', () => process.exit(127));
child.on('exit', (code, signal) => {
  if (signal) process.stdout.write('\\nmongod was ended by ' + signal + '\\n', () => process.exit(1));
  else process.exit(code);
});
`;

const LAST_WORDS = 4_000;

/** How a database process of ours ended. */
export interface DatabaseEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last of what it said. */
  readonly said: string;
}

/**
 * Starts a `mongod` as a one-node replica set on loopback, on the port of its last start if that is free, and waits
 * for its primary.
 * @throws DataFolderLocked when another one of ours serves the folder
 * @throws DatabaseUnreachable when it does not become primary within 20 seconds
 */
export async function startMongod(options: {
  mongod: string;
  dataDir: string;
}): Promise<{ uri: string; ended: Promise<DatabaseEnd>; stop(): Promise<void> }> {
  const { dataDir } = options;
  const last = readMongodNote(dataDir);
  const port = (last && (await freePort(last.port).catch(() => null))) ?? (await freePort());
  const flags = [
    '--replSet',
    'rs0',
    '--bind_ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--setParameter',
    'transactionLifetimeLimitSeconds=10',
  ];
  const keeper = spawn(
    process.execPath,
    ['-e', KEEPER, options.mongod, ...flags, '--dbpath', dataDir],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  const hear = (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-LAST_WORDS));
  keeper.stdout.on('data', hear);
  keeper.stderr.on('data', hear);
  keeper.stdin.on('error', () => {}); // it is gone; `ended` tells
  const ended = new Promise<DatabaseEnd>((resolve) =>
    keeper.once('close', (code, signal) => resolve({ code, signal, said: said.trim() })),
  );
  const stop = async () => {
    keeper.stdin.end();
    await ended;
  };
  const gone = ended.then((end) => Promise.reject(new Error(`mongod ended: ${end.said}`)));
  gone.catch(() => {}); // it also ends when we stop it
  const host = `127.0.0.1:${port}`;
  try {
    await Promise.race([becomePrimary(host), gone]);
    noteMongod(dataDir, { pid: keeper.pid ?? 0, port });
    return { uri: mongodUri(port), ended, stop };
  } catch (error) {
    await stop();
    const other = runningMongod(dataDir);
    if (other)
      throw new DataFolderLocked(
        `The data folder ${dataDir} is in use by another mongod (pid ${other.pid}).`,
        { cause: error },
      );
    throw new DatabaseUnreachable(`mongodb://${host}`, { cause: error });
  }
}

/** What a driver connects to a `mongod` of ours with. */
export const mongodUri = (port: number): string => `mongodb://127.0.0.1:${port}/?replicaSet=rs0`;

/** The port if it is free, or any that is. */
function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}
