import { setTimeout as wait } from 'node:timers/promises';
import { endOnSignals } from '../end-process.ts';

// Run as a process of its own: says each step of a stop that takes a while, and is signalled during it.
setTimeout(() => process.exit(9), 20_000); // it has work to do, and nobody waits for it for ever
endOnSignals(async () => {
  process.stdout.write('stopping\n');
  await wait(300);
  process.stdout.write('stopped\n');
});
process.stdout.write('running\n');
