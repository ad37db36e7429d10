const STOP_MS = 8_000;
let ending = false;

/**
 * Ends the process in order; a stop that hangs (a database that is gone, say) ends it all the same, with code 1. Once: a
 * process that is ending is told nothing new by a second reason to end.
 */
export function endProcess(stop: () => Promise<unknown>): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(1), STOP_MS).unref();
  stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

/**
 * Ends the process in order on SIGINT and SIGTERM, and when a starter that held a channel to it has ended, however. They come
 * more than once: a terminal signals the whole group, and npm and starters pass it on. Unheard, the second one would end
 * the process at once.
 */
export function endOnSignals(stop: () => Promise<unknown>): void {
  const end = () => endProcess(stop);
  process.on('SIGINT', end).on('SIGTERM', end).on('disconnect', end);
}
