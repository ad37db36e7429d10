import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EXIT } from './exit-codes.ts';
import { makeFolder } from './folder.ts';

/** Another engine works on the data folder; the message names the folder and the process. */
export class DataFolderLocked extends Error {}

/** The port is taken; the message names it. */
export class PortTaken extends Error {}

/** How the engine is started. */
export interface SpawnOptions {
  /** The data folder; made when it is missing, refused when another engine has it. */
  readonly dataDir: string;
  /** 0 or absent: a free port. */
  readonly port?: number;
  /** Ask for the password of the folder; on unless it is turned off. */
  readonly auth?: boolean;
  /** Allow `configureFailPoint`. */
  readonly testCommands?: boolean;
  /** Seconds between two TTL sweeps; 60 when absent. */
  readonly ttlSeconds?: number;
  /** Seconds after which an open transaction is aborted, so that a killed client frees what it held; 60 when absent. */
  readonly transactionSeconds?: number;
  /** The engine's main file, when it is not found beside this one. */
  readonly entry?: string;
  /** Told each line that the engine says once it listens: what went wrong in it. */
  readonly onSaid?: (line: string) => void;
}

/** How an engine ended. */
export interface EngineEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what it said: why, when it ended by itself. */
  readonly said: string;
}

/** An engine that runs in a process of its own. */
export interface EmbeddedMongo {
  /** What a driver connects with; it holds the password. */
  readonly uri: string;
  readonly pid: number;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): void;
  /** Its exit code when it has ended; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** The same with its last words. */
  readonly ended: Promise<EngineEnd>;
}

const START_LIMIT_MS = 20_000;

function entryOf(given: string | undefined): string {
  if (given) return given;
  const here = dirname(fileURLToPath(import.meta.url));
  const bundled = join(here, 'embedded-mongo.js');
  return existsSync(bundled) ? bundled : join(here, 'main.ts');
}

/**
 * Starts the engine in a process of its own and resolves when it listens. The child ends when this
 * process ends, even when it is killed: its stdin is a pipe whose end it watches.
 * @throws DataFolderLocked, PortTaken, or Error with what the engine said
 */
export async function spawnEmbeddedMongo(options: SpawnOptions): Promise<EmbeddedMongo> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    entryOf(options.entry),
    '--data',
    options.dataDir,
    '--port',
    String(options.port ?? 0),
  ];
  if (options.auth === false) args.push('--no-auth');
  if (options.testCommands) args.push('--test-commands');
  if (options.ttlSeconds !== undefined) args.push('--ttl-seconds', String(options.ttlSeconds));
  if (options.transactionSeconds !== undefined)
    args.push('--transaction-seconds', String(options.transactionSeconds));
  makeFolder(options.dataDir);
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      // Node keeps the compiled code there: the second start is three times faster.
      NODE_COMPILE_CACHE: join(options.dataDir, 'code-cache'),
      ...process.env,
      EMBEDDED_MONGO_PARENT: 'pipe',
      NODE_OPTIONS: '',
    },
  });
  const ended = endOf(child);
  const exited = ended.then(({ code }) => code);
  const uri = await started(child, ended);
  if (options.onSaid) createInterface({ input: child.stderr }).on('line', options.onSaid);
  return {
    uri,
    pid: child.pid as number,
    exited,
    ended,
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

const LAST_WORDS = 4_000;

/** @returns the end of the process when all that it said is there */
function endOf(child: ChildProcessWithoutNullStreams): Promise<EngineEnd> {
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-LAST_WORDS);
  });
  return new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, said: said.trim() })),
  );
}

function started(
  child: ChildProcessWithoutNullStreams,
  ended: Promise<EngineEnd>,
): Promise<string> {
  let out = '';
  child.stdin.on('error', () => {}); // the child is gone; `ended` tells
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      void ended.then(({ said }) =>
        reject(new Error(`the engine did not listen within ${START_LIMIT_MS} ms: ${said}`)),
      );
    }, START_LIMIT_MS);
    child.once('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
      const line = /^(mongodb:\S+)\n/m.exec(out);
      if (!line) return;
      clearTimeout(timer);
      resolve(line[1] as string);
    });
    void ended.then(({ code, said: words }) => {
      clearTimeout(timer);
      const said = words || `the engine ended with code ${code}`;
      if (code === EXIT.locked) reject(new DataFolderLocked(said));
      else if (code === EXIT.portTaken) reject(new PortTaken(said));
      else reject(new Error(said));
    });
  });
}
