import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { closeServer, listen } from '@7pay/graphql';

/** The services, each a process of its own. */
export interface Processes {
  readonly pids: ReadonlyMap<string, number>;
  /** Ends one service at once, as a crash would. */
  kill(name: string): Promise<void>;
  /** Starts a service again that has ended. */
  restart(name: string): Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 60_000; // a safety bound: a starved machine starts a gateway in half a minute

type Environment = Readonly<Record<string, string>>;

/**
 * Starts `out/<name>.js` for each service with its environment and waits until each answers its health check. They hold a
 * channel to this process and end with it, also when it is killed.
 * @throws Error naming the service that did not start, with what it said, or whose port is taken; none is started then
 */
export async function startProcesses(
  environments: ReadonlyMap<string, Environment>,
  folder: string,
): Promise<Processes> {
  const children = new Map<string, ChildProcess>();
  const start = async (name: string) => {
    const environment = environments.get(name);
    if (!environment) throw new Error(`no service ${name}`);
    const child = spawn(process.execPath, ['--enable-source-maps', `${folder}/${name}.js`], {
      env: { PATH: path.dirname(process.execPath), ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-2_000);
    });
    children.set(name, child);
    await healthy(`http://127.0.0.1:${environment['PORT']}/health`, () => {
      const end = child.signalCode ?? child.exitCode;
      if (end !== null) throw new Error(`${name} ended with ${end}:\n${said}`);
    });
  };
  const end = async (name: string, signal: NodeJS.Signals) => {
    const child = children.get(name);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  await Promise.all([...environments].map(portIsFree));
  try {
    await Promise.all([...environments.keys()].map(start));
  } catch (error) {
    await Promise.all([...children.keys()].map((name) => end(name, 'SIGKILL')));
    throw error;
  }
  return {
    get pids() {
      return new Map([...children].map(([name, { pid }]) => [name, pid ?? 0]));
    },
    kill: (name) => end(name, 'SIGKILL'),
    restart: async (name) => {
      await portIsFree([name, environments.get(name) ?? {}]);
      await start(name);
    },
    stop: async () => {
      await Promise.all([...children.keys()].map((name) => end(name, 'SIGTERM')));
    },
  };
}

/** What listens there already would answer the health check in the place of ours. */
async function portIsFree([name, { PORT }]: readonly [string, Environment]): Promise<void> {
  const server = createServer();
  const setting = name === 'gateway' ? 'PORT' : 'SUBGRAPH_PORT';
  await listen(server, Number(PORT), setting).catch((cause: Error) => {
    throw new Error(`${name}: ${cause.message}`, { cause });
  });
  await closeServer(server);
}

async function healthy(url: string, check: () => void): Promise<void> {
  const start = performance.now();
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(READY_MS) }).catch(() => null);
    check();
    if (answer?.ok) return;
    if (performance.now() - start > READY_MS) throw new Error(`${url} does not answer`);
    await wait(50);
  }
}
