import { CommandError, code } from '../values/errors.ts';

const SLICE_MS = 5;

/** How long a command may run, and when it should let others have a turn. */
export class Budget {
  private readonly now: () => number;
  private leftMs: number;
  /** When the present spell of work began; null while a cursor waits for its next `getMore`. */
  private since: number | null;
  private sliceEnd: number;

  /** @param maxTimeMs null for no limit; the time a cursor lies idle does not count */
  constructor(now: () => number, maxTimeMs: number | null) {
    this.now = now;
    this.leftMs = maxTimeMs ?? Infinity;
    this.since = now();
    this.sliceEnd = this.since + SLICE_MS;
  }

  /** Milliseconds that are left. */
  left(): number {
    return Math.max(0, this.leftMs - (this.since === null ? 0 : this.now() - this.since));
  }

  /** Work goes on, for instance with a `getMore`. */
  resume(): void {
    if (this.since !== null) return;
    this.since = this.now();
    this.sliceEnd = this.since + SLICE_MS;
  }

  /** Work rests: the clock stands still. */
  rest(): void {
    this.leftMs = this.left();
    this.since = null;
  }

  /** True when the slice is used up and others should have a turn. */
  due(): boolean {
    return this.now() >= this.sliceEnd;
  }

  /** @throws CommandError 50 past the deadline */
  check(): void {
    if (this.left() === 0)
      throw new CommandError(code.MaxTimeMSExpired, 'operation exceeded time limit');
  }

  /** Lets the event loop turn when the slice is used up. */
  async pause(): Promise<void> {
    this.check();
    if (!this.due()) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.sliceEnd = this.now() + SLICE_MS;
  }

  /**
   * Waits for a lock owner to end, but not past the deadline. The event loop turns in any case: waiting for one who
   * ended long ago must not keep everybody else from being served.
   */
  async waitFor(done: Promise<void>): Promise<void> {
    const left = this.left();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      if (left !== Infinity) timer = setTimeout(resolve, left);
    });
    await Promise.race([done, late]);
    clearTimeout(timer);
    await new Promise((resolve) => setImmediate(resolve));
    this.check();
  }
}
