// `npm run dev`: rebuilds what you edit and restarts the platform; pages are rebuilt by vite.
import { spawn } from 'node:child_process';

const shell = process.platform === 'win32';
const children = [
  spawn('rolldown', ['-c', '-w', '--log-level', 'warn'], { stdio: 'inherit', shell }),
  ...['wallet', 'pos', 'console'].map((app) =>
    spawn('vite', ['build', '--watch', '--logLevel', 'warn'], {
      stdio: 'inherit',
      shell,
      cwd: `apps/${app}`,
    }),
  ),
];
// The first bundle has to be there before it can be run.
await new Promise((resolve) => setTimeout(resolve, 3_000));
children.push(
  spawn(
    process.execPath,
    ['--watch', '--watch-preserve-output', '--enable-source-maps', 'out/platform.js'],
    {
      stdio: 'inherit',
    },
  ),
);
const stop = () => {
  for (const child of children) child.kill('SIGTERM');
};
process.on('SIGINT', stop).on('SIGTERM', stop);
for (const child of children) child.once('exit', stop);
