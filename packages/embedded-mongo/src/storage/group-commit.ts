/** What a group commit works with. */
export interface CommitSteps {
  readonly begin: () => void;
  readonly commit: () => void;
  /** Called when a commit fails: memory already shows what the disk lost. */
  readonly onFatal: (error: unknown) => void;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
}

/** How long writes may wait for others to join them, while there is traffic. */
const GATHER_MS = 2;

/**
 * Group commit: the first write opens a transaction, the end of the event-loop turn commits it with
 * one fsync, and every answer waits for that commit. While messages keep coming the commit is put
 * off for up to two milliseconds, because an fsync stops everybody; a lone client never waits.
 */
export class GroupCommit {
  private readonly steps: CommitSteps;
  private open = false;
  private openedAt = 0;
  private stirs = 0;
  private stirsSeen = 0;
  private done: Promise<void> | null = null;
  private resolve: () => void = () => {};

  constructor(steps: CommitSteps) {
    this.steps = steps;
  }

  /** Must be called before every write. */
  touch(): void {
    if (this.open) return;
    this.steps.begin(); // its failure is the failure of the write that wanted it
    this.open = true;
    this.openedAt = this.steps.now();
    this.stirsSeen = this.stirs;
    setImmediate(() => this.turnEnds());
  }

  /** A message has come: more writes may follow in a moment. */
  stir(): void {
    this.stirs += 1;
  }

  private turnEnds(): void {
    if (this.stirs === this.stirsSeen || this.steps.now() - this.openedAt >= GATHER_MS) {
      this.flush();
      return;
    }
    this.stirsSeen = this.stirs;
    setImmediate(() => this.turnEnds());
  }

  /** Forgets what is open: nobody is answered, and the disk takes it back. */
  abandon(): void {
    this.open = false;
  }

  /** Commits what is open. */
  flush(): void {
    if (!this.open) return;
    try {
      this.steps.commit();
    } catch (error) {
      this.steps.onFatal(error); // and nobody is told of success: `done` stays pending
      return;
    }
    this.open = false;
    this.done = null;
    const { resolve } = this;
    this.resolve = () => {};
    resolve();
  }

  /** Null when nothing is open, else a promise that the open transaction is durable. */
  settled(): Promise<void> | null {
    if (!this.open) return null;
    this.done ??= new Promise((resolve) => (this.resolve = resolve));
    return this.done;
  }
}
