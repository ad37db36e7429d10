import type { Engine } from '../commands/engine.ts';
import { sweepExpired } from './sweeper.ts';

/** How often the housekeeping runs. */
export interface HousekeepingTimes {
  readonly ttlMs: number;
  readonly sweepMs: number;
}

/**
 * Starts what has to be done from time to time: TTL deletes, old transactions, idle sessions and
 * cursors, old history, rows of what was dropped. The answer stops it.
 */
export function startHousekeeping(
  engine: Engine,
  times: HousekeepingTimes,
  onError: (error: unknown) => void,
): () => void {
  void engine.garbage.sweep(); // what an earlier process did not get to
  let sweeping = false;
  const ttl = setInterval(() => {
    if (sweeping) return;
    sweeping = true;
    sweepExpired(engine)
      .catch(onError)
      .finally(() => (sweeping = false));
  }, times.ttlMs);
  const sweep = setInterval(() => {
    try {
      engine.sessions.sweep();
      engine.cursors.sweep();
      engine.snapshots.sweep(engine.now());
      trimHistory(engine);
    } catch (error) {
      onError(error);
    }
  }, times.sweepMs);
  return () => {
    clearInterval(ttl);
    clearInterval(sweep);
  };
}

function trimHistory(engine: Engine): void {
  const { oplogMaxBytes: maxBytes, oplogMaxAgeMs: maxAgeMs } = engine.settings;
  if (engine.oplog.trim({ maxBytes, maxAgeMs })) setImmediate(() => trimHistory(engine));
}
