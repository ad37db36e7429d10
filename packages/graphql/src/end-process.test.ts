import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('testing/slow-stop.program.ts', import.meta.url));

/** Runs the program and sends it the signals while it stops. @returns how it ended, and what it said */
async function signalled(first: NodeJS.Signals, during: NodeJS.Signals) {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const before = said;
    said += chunk.toString();
    if (!before.includes('running') && said.includes('running')) child.kill(first);
    if (!before.includes('stopping') && said.includes('stopping')) child.kill(during);
  });
  const end = await new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  return { end, said };
}

describe('a process that is told to end', () => {
  it.each<[NodeJS.Signals, NodeJS.Signals]>([
    ['SIGINT', 'SIGINT'], // a terminal tells the whole group, and npm passes it on
    ['SIGINT', 'SIGTERM'], // and a starter tells its services
    ['SIGTERM', 'SIGINT'],
  ])('by %s and once more by %s stops once, and in order', async (first, during) => {
    expect(await signalled(first, during)).toEqual({
      end: 0,
      said: 'running\nstopping\nstopped\n',
    });
  });
});
