/** Times and limits of one engine; some can be set while it runs (`setParameter`). */
export interface EngineSettings {
  transactionLifetimeMs: number;
  cursorTimeoutMs: number;
  /** Between two sweeps of what TTL indexes say has expired. */
  ttlSleepMs: number;
  readonly oplogMaxBytes: number;
  readonly oplogMaxAgeMs: number;
  /** How long a moment stays readable after the last read of it (readConcern snapshot). */
  readonly snapshotHistoryMs: number;
}

/** The settings of an ordinary start; times as in MongoDB, but for the history of moments. */
export const DEFAULT_SETTINGS: EngineSettings = {
  transactionLifetimeMs: 60_000,
  cursorTimeoutMs: 600_000,
  ttlSleepMs: 60_000,
  oplogMaxBytes: 512 * 1024 * 1024,
  oplogMaxAgeMs: 7 * 24 * 3_600_000,
  snapshotHistoryMs: 60_000,
};
