import { randomBytes } from 'node:crypto';
import { DEFAULT_SETTINGS, Engine } from '../commands/engine.ts';
import { AddressInUse, listen } from '../server/listener.ts';
import { FailPoints } from '../server/failpoints.ts';
import { FormatMismatch, openSqliteStore, StoreLocked } from '../storage/sqlite-store.ts';
import type { Store } from '../storage/store.ts';
import { startHousekeeping } from '../ttl/housekeeping.ts';
import { ObjectId } from '../values/types.ts';
import { EXIT } from './exit-codes.ts';
import { folderLogin, makeFolder, notePid, readPid, uriOf } from './folder.ts';
import { BadOptions, readOptions, type EngineOptions } from './options.ts';

// Field names of clients never become properties, and this makes sure nothing else does either.
Object.freeze(Object.prototype);

const log = (event: string, facts: Readonly<Record<string, unknown>>): void => {
  process.stderr.write(`${JSON.stringify({ event, ...facts })}\n`);
};

function fail(exitCode: number, sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(exitCode);
}

function openStore(options: EngineOptions): Store {
  makeFolder(options.dataDir);
  try {
    return openSqliteStore(options.dataDir, {
      now: () => performance.now(),
      onFatal: (error) =>
        fail(
          EXIT.commitFailed,
          `A commit to ${options.dataDir} failed, the engine ends: ${String(error)}`,
        ),
    });
  } catch (error) {
    if (error instanceof StoreLocked) {
      const pid = readPid(options.dataDir);
      fail(
        EXIT.locked,
        `The data folder ${options.dataDir} is in use by another engine${pid === null ? '' : ` (pid ${pid})`}.`,
      );
    }
    if (error instanceof FormatMismatch)
      fail(EXIT.format, `The data folder ${options.dataDir} cannot be read: ${error.message}.`);
    throw error;
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const store = openStore(options);
  notePid(options.dataDir, process.pid);
  const engine = new Engine({
    store,
    now: Date.now,
    randomBytes,
    settings: { ...DEFAULT_SETTINGS, transactionLifetimeMs: options.transactionSeconds * 1000 },
  });
  const login = options.auth ? folderLogin(options.dataDir, randomBytes) : null;
  const state = {
    engine,
    log,
    processId: new ObjectId(randomBytes(12)),
    credentials: login?.credentials ?? null,
    failPoints: options.testCommands ? new FailPoints() : null,
  };
  const listener = await listen(state, options.port);
  const stopHousekeeping = startHousekeeping(
    engine,
    { ttlMs: options.ttlSeconds * 1000, sweepMs: 5000 },
    (error) => log('housekeeping.failed', { error: String(error) }),
  );
  const stop = (): void => {
    stopHousekeeping();
    void listener.close().then(() => {
      store.close();
      process.exit(EXIT.ok);
    });
  };
  // A parent holds the other end of the pipe: when it ends, however it ends, so do we. A signal to the group
  // (Ctrl-C, a supervisor) reaches both; the parent may still have writes to make, so it says when to stop.
  const child = process.env['EMBEDDED_MONGO_PARENT'] === 'pipe';
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, child ? () => {} : stop);
  if (child) process.stdin.on('end', stop).on('error', stop).resume();
  process.stdout.write(`${uriOf(listener.port, login)}\n`);
}

main().catch((error: unknown) => {
  if (error instanceof BadOptions) fail(EXIT.usage, error.message);
  if (error instanceof AddressInUse) fail(EXIT.portTaken, `The ${error.message}.`);
  fail(EXIT.failed, `The engine could not start: ${String((error as Error).stack)}`);
});
