import type { Cells } from './cells.ts';

interface Kept {
  readonly until: number;
  readonly forget: () => void;
}

/** The open snapshots, and which overwritten values are kept for them. */
export class Snapshots {
  private readonly open = new Map<number, number>();
  private readonly leases = new Map<number, number>();
  private readonly kept: Kept[] = [];
  private head = 0;

  /** Opens a snapshot at a commit time; every open needs its close. */
  acquire(ts: number): void {
    this.open.set(ts, (this.open.get(ts) ?? 0) + 1);
  }

  release(ts: number): void {
    const count = (this.open.get(ts) ?? 1) - 1;
    if (count > 0) this.open.set(ts, count);
    else this.open.delete(ts);
    this.trim();
  }

  /** Keeps a moment readable until a time; asked again, it is longer. */
  lease(ts: number, untilMs: number): void {
    if (!this.leases.has(ts)) this.acquire(ts);
    this.leases.set(ts, untilMs);
  }

  /** Lets moments go whose time is over. */
  sweep(nowMs: number): void {
    for (const [ts, untilMs] of this.leases) {
      if (untilMs > nowMs) continue;
      this.leases.delete(ts);
      this.release(ts);
    }
  }

  /** True when everything overwritten since that time is still kept. */
  reaches(ts: number): boolean {
    for (const open of this.open.keys()) if (open <= ts) return true;
    return false;
  }

  /** Keeps the old value of a cell if some snapshot may still read it. */
  remember<K extends number | string, V>(
    cells: Cells<K, V>,
    key: K,
    until: number,
    value: V | null,
  ): void {
    if (this.open.size === 0) return;
    if (cells.remember(key, until, value))
      this.kept.push({ until, forget: () => cells.forget(key) });
  }

  /** Values kept at the moment, for serverStatus. */
  get size(): number {
    return this.kept.length - this.head;
  }

  private trim(): void {
    let oldest = Infinity;
    for (const ts of this.open.keys()) oldest = Math.min(oldest, ts);
    while (this.head < this.kept.length && (this.kept[this.head] as Kept).until <= oldest) {
      (this.kept[this.head++] as Kept).forget();
    }
    if (this.head > 1024 && this.head * 2 > this.kept.length) {
      this.kept.splice(0, this.head);
      this.head = 0;
    }
  }
}
