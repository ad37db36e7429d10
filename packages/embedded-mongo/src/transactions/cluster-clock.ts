import { Timestamp } from '../values/types.ts';

const EPOCH_SECONDS = 1_600_000_000;
const ORDINALS = 4_194_304;

/** A commit time as one number that orders commits and is an exact integer until the year 2088. */
export const timestampOf = (ts: number): Timestamp =>
  new Timestamp(Math.floor(ts / ORDINALS) + EPOCH_SECONDS, ts % ORDINALS);

/** The number of a cluster time; times before the engine's epoch are zero. */
export const numberOf = (t: Timestamp): number =>
  Math.max(0, (t.seconds - EPOCH_SECONDS) * ORDINALS + Math.min(t.ordinal, ORDINALS - 1));

/** Hands out commit times. They never repeat and never go back, whatever the wall clock does. */
export class ClusterClock {
  private readonly now: () => number;
  private last: number;

  /** @param last the newest commit time found on disk, 0 when there is none */
  constructor(now: () => number, last: number) {
    this.now = now;
    this.last = last;
    if (last === 0) this.next();
  }

  /** The newest commit time handed out. */
  current(): number {
    return this.last;
  }

  next(): number {
    const floor = Math.max(0, Math.floor(this.now() / 1000) - EPOCH_SECONDS) * ORDINALS + 1;
    this.last = Math.max(this.last + 1, floor);
    return this.last;
  }
}
