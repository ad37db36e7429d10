import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import path from 'node:path';

/** A program of ours, running. */
export interface Program {
  readonly pid: number;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  output(): string;
  /** Waits until the output matches; returns all of it. @throws Error when it ends before, or after 45 seconds */
  says(pattern: RegExp): Promise<string>;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Bundles the sources into a folder of their own beside `out`; returns the folder. */
export function bundle(): string {
  const cache = path.resolve('node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'out-'));
  const { status, stderr } = spawnSync('node_modules/.bin/rolldown', ['-c', '--dir', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return folder;
}

/** Runs a bundled program with an environment of its own. */
export function run(
  file: string,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Program {
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const fail = (why: string) => reject(new Error(`${why}; it said:\n${output}`));
        const timer = setTimeout(() => fail(`never said ${pattern}`), 45_000);
        const listener = () => {
          if (!pattern.test(output)) return;
          clearTimeout(timer);
          resolve(output);
        };
        listeners.add(listener);
        listener();
        void ended.then((code) => fail(`ended with ${code}`));
      }),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
