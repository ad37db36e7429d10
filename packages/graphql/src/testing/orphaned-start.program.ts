import { setTimeout as wait } from 'node:timers/promises';
import { runMain } from '../run-main.ts';

// Run as a process of its own, whose starter ends while it loads.
setTimeout(() => process.exit(9), 20_000); // nobody waits for it for ever
process.stdout.write('loading\n');
await wait(500);
await runMain(async () => {
  process.stdout.write('started\n');
  return { stop: async () => {} };
});
