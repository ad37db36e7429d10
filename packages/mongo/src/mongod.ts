import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import mongoose from 'mongoose';
import { DatabaseUnreachable } from './connect.ts';

const START_MS = 20_000;

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
 * Starts a `mongod` as a one-node replica set on a free loopback port and waits for its primary.
 * @throws DatabaseUnreachable when it does not become primary within 20 seconds.
 */
export async function startMongod(options: {
  mongod: string;
  dataDir: string;
}): Promise<{ uri: string; ended: Promise<DatabaseEnd>; stop(): Promise<void> }> {
  const port = await freePort();
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
    ['-e', KEEPER, options.mongod, ...flags, '--dbpath', options.dataDir],
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
    await Promise.race([initiate(host), gone]);
    return { uri: `mongodb://${host}/?replicaSet=rs0`, ended, stop };
  } catch (error) {
    await stop();
    throw new DatabaseUnreachable(`mongodb://${host}`, { cause: error });
  }
}

async function initiate(host: string): Promise<void> {
  const client = mongoose.createConnection();
  client.on('error', () => {});
  await client.openUri(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: START_MS,
  });
  try {
    const admin = client.getClient().db('admin');
    const config = { _id: 'rs0', members: [{ _id: 0, host }] };
    await admin.command({ replSetInitiate: config }).catch((error: { code?: number }) => {
      if (error.code !== 23) throw error; // AlreadyInitialized: the data folder has been used before
    });
    const start = performance.now();
    while (!(await admin.command({ hello: 1 }))['isWritablePrimary']) {
      if (performance.now() - start > START_MS) throw new Error('mongod did not become primary');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await client.close();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}
