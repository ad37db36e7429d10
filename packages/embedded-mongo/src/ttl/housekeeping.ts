import type { Engine } from '../commands/engine.ts';
import { sweepExpired } from './sweeper.ts';

const SWEEP_MS = 5000;
/** How often it looks whether the TTL sweep is due, so that a new interval takes effect at once. */
const LOOK_MS = 500;

/**
 * Starts what has to be done from time to time: TTL deletes, old transactions, idle sessions and
 * cursors, old history, rows of what was dropped. The answer stops it.
 */
export function startHousekeeping(engine: Engine, onError: (error: unknown) => void): () => void {
  void engine.garbage.sweep(); // what an earlier process did not get to
  let [sweeping, sweptAt] = [false, engine.now()];
  const ttl = setInterval(() => {
    if (sweeping || engine.now() - sweptAt < engine.settings.ttlSleepMs) return;
    sweeping = true;
    sweepExpired(engine)
      .catch(onError)
      .finally(() => ([sweeping, sweptAt] = [false, engine.now()]));
  }, LOOK_MS);
  const sweep = setInterval(() => {
    try {
      engine.sessions.sweep();
      engine.cursors.sweep();
      engine.snapshots.sweep(engine.now());
      trimHistory(engine);
    } catch (error) {
      onError(error);
    }
  }, SWEEP_MS);
  return () => {
    clearInterval(ttl);
    clearInterval(sweep);
  };
}

function trimHistory(engine: Engine): void {
  const { oplogMaxBytes: maxBytes, oplogMaxAgeMs: maxAgeMs } = engine.settings;
  if (engine.oplog.trim({ maxBytes, maxAgeMs })) setImmediate(() => trimHistory(engine));
}
