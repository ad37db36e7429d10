import { randomBytes } from 'node:crypto';
import { Engine } from '../commands/engine.ts';
import { DEFAULT_SETTINGS } from '../transactions/settings.ts';
import { FailPoints } from '../server/failpoints.ts';
import { listen } from '../server/listener.ts';
import { startHousekeeping } from '../ttl/housekeeping.ts';
import { ObjectId } from '../values/types.ts';
import { EXIT } from './exit-codes.ts';
import { folderLogin, forgetEngine, noteEngine, uriOf } from './folder.ts';
import { openFolder } from './open-folder.ts';
import type { EngineOptions } from './options.ts';

const log = (event: string, facts: Readonly<Record<string, unknown>>): void => {
  process.stderr.write(`${JSON.stringify({ event, ...facts })}\n`);
};

/** Who a serving engine belongs to. */
export interface Surroundings {
  readonly say: (line: string) => void;
  /** True when a parent holds the other end of stdin, and ends the engine by ending it. */
  readonly child: boolean;
}

/** Serves a data folder until it is told to stop; says one line, the URI, when it listens. */
export async function serve(options: EngineOptions, { say, child }: Surroundings): Promise<void> {
  const { dataDir } = options;
  const store = openFolder(dataDir);
  noteEngine(dataDir, { pid: process.pid, port: null });
  const engine = new Engine({
    store,
    now: Date.now,
    randomBytes,
    settings: {
      ...DEFAULT_SETTINGS,
      transactionLifetimeMs: options.transactionSeconds * 1000,
      ttlSleepMs: options.ttlSeconds * 1000,
    },
  });
  const login = options.auth ? folderLogin(dataDir, randomBytes) : null;
  const listener = await listen(
    {
      engine,
      log,
      processId: new ObjectId(randomBytes(12)),
      credentials: login?.credentials ?? null,
      failPoints: options.testCommands ? new FailPoints() : null,
    },
    options.port,
  );
  noteEngine(dataDir, { pid: process.pid, port: listener.port });
  const stopHousekeeping = startHousekeeping(engine, (error) =>
    log('housekeeping.failed', { error: String(error) }),
  );
  const stop = (): void => {
    stopHousekeeping();
    void listener.close().then(() => {
      forgetEngine(dataDir);
      store.close();
      process.exit(EXIT.ok);
    });
  };
  // A parent holds the other end of the pipe: when it ends, however it ends, so do we. A signal to the group
  // (Ctrl-C, a supervisor) reaches both; the parent may still have writes to make, so it says when to stop.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, child ? () => {} : stop);
  if (child) process.stdin.on('end', stop).on('error', stop).resume();
  say(uriOf(listener.port, login));
}
