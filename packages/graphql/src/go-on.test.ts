import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('a rejection that nobody hears is logged with its cause, and the process goes on', () => {
  const program = fileURLToPath(new URL('testing/unheard-rejection.program.ts', import.meta.url));
  const ran = spawnSync(process.execPath, [program], { encoding: 'utf8', timeout: 15_000 });
  expect(ran.status).toBe(0);
  expect(ran.stdout).toContain('alive');
  expect(`${ran.stdout}${ran.stderr}`).toMatch(/nobody listens.*rejection\.unhandled/);
});
