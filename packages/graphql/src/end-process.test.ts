import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('testing/slow-stop.program.ts', import.meta.url));

/** Runs the program and sends it the signals while it stops. @returns how it ended, and what it said */
async function signalled(first: NodeJS.Signals | 'NOBODY_THERE', during: NodeJS.Signals) {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const before = said;
    said += chunk.toString();
    if (!before.includes('running') && said.includes('running')) {
      if (first === 'NOBODY_THERE') child.disconnect();
      else child.kill(first);
    }
    if (!before.includes('stopping') && said.includes('stopping')) child.kill(during);
  });
  const read = new Promise((resolve) => void child.stdout?.once('end', resolve));
  const end = await new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  await read;
  return { end, said };
}

it('a service whose starter ends while it loads does not start', async () => {
  const late = fileURLToPath(new URL('testing/orphaned-start.program.ts', import.meta.url));
  const child = spawn(process.execPath, [late], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (child.connected) child.disconnect();
  });
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1);
  expect(said).toBe('loading\n');
});

describe('a process that is told to end', () => {
  it.each<[NodeJS.Signals | 'NOBODY_THERE', NodeJS.Signals]>([
    ['SIGINT', 'SIGINT'], // a terminal tells the whole group, and npm passes it on
    ['SIGINT', 'SIGTERM'], // and a starter tells its services
    ['SIGTERM', 'SIGINT'],
    ['NOBODY_THERE', 'SIGINT'], // its starter was killed
  ])('by %s and once more by %s stops once, and in order', async (first, during) => {
    expect(await signalled(first, during)).toEqual({
      end: 0,
      said: 'running\nstopping\nstopped\n',
    });
  });
});
