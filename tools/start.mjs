// `npm start` builds what changed and runs everything in one process; `npm run start:processes` each service in its own.
import { spawn, spawnSync } from 'node:child_process';

const [, , ...args] = process.argv;
const program = args[0] === 'processes' ? 'processes' : 'platform';
const turbo = ['tools/turbo.mjs', 'run', 'build'];
const quiet = spawnSync(process.execPath, [...turbo, '--output-logs=errors-only'], {
  stdio: 'pipe',
});
if (quiet.status !== 0) {
  process.stderr.write(quiet.stdout);
  process.stderr.write(quiet.stderr);
  process.exit(quiet.status ?? 1);
}
const child = spawn(
  process.execPath,
  ['--enable-source-maps', `out/${program}.js`, ...args.filter((arg) => arg !== 'processes')],
  { stdio: 'inherit', env: { ...process.env, NODE_COMPILE_CACHE: 'node_modules/.cache/compile' } },
);
// Signals reach the whole group from a terminal; from anywhere else they are passed on.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
