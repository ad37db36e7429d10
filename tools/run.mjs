// Bundles the sources and runs one of the programs: `node tools/run.mjs schema --check`.
import { spawnSync } from 'node:child_process';

const [, , program, ...args] = process.argv;
const bundled = spawnSync('rolldown', ['-c', '--log-level', 'warn'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32',
});
if (bundled.status !== 0) process.exit(bundled.status ?? 1);
const ran = spawnSync(process.execPath, ['--enable-source-maps', `out/${program}.js`, ...args], {
  stdio: 'inherit',
});
process.exit(ran.status ?? 1);
