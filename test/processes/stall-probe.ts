import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

// Loaded into a process that is watched (`--import`). On SIGUSR2 it says how long the process stood still since it was
// last asked, how much of one such time its own thread computed (the rest it waited for a core), and begins anew.
const TICK_MS = 5;

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let longestComputing = 0;
  let before = cpuMs();
  setInterval(() => {
    const now = cpuMs();
    longestComputing = Math.max(longestComputing, now - before);
    before = now;
  }, TICK_MS).unref();
  process.on('SIGUSR2', () => {
    const told = {
      event: 'probe.stall',
      longestMs: Math.round(delay.max / 1e6),
      p99Ms: Math.round(delay.percentile(99) / 1e6),
      computingMs: Math.round(longestComputing),
    };
    process.stdout.write(`${JSON.stringify(told)}\n`);
    delay.reset();
    longestComputing = 0;
  });
}
