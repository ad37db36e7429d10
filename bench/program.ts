import { type ChildProcess, spawn } from 'node:child_process';

/** What is undone at the end of a bench, last first. */
export type Closing = (() => unknown)[];

/** Starts a program of the bench: one of ours by name, or a file. */
export function program(
  file: string,
  setting: unknown,
  closing: Closing,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(process.execPath, [file.includes('/') ? file : `out/${file}.js`], {
    env: { BENCH: JSON.stringify(setting), ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Not every gateway of others ends when it is asked to.
  closing.push(() => child.kill('SIGKILL'));
  return child;
}
