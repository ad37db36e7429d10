/**
 * Group commit: the first write of an event-loop turn opens a transaction, `setImmediate` commits
 * it with one fsync, and every answer of the turn waits for that commit.
 */
export class GroupCommit {
  private readonly begin: () => void;
  private readonly commit: () => void;
  private readonly onFatal: (error: unknown) => void;
  private open = false;
  private done: Promise<void> | null = null;
  private resolve: () => void = () => {};

  constructor(begin: () => void, commit: () => void, onFatal: (error: unknown) => void) {
    this.begin = begin;
    this.commit = commit;
    this.onFatal = onFatal;
  }

  /** Must be called before every write. */
  touch(): void {
    if (this.open) return;
    this.begin();
    this.open = true;
    setImmediate(() => this.flush());
  }

  /** Commits what is open. A failed commit is fatal: memory already shows what the disk lost. */
  flush(): void {
    if (!this.open) return;
    try {
      this.commit();
    } catch (error) {
      this.onFatal(error); // and nobody is told of success: `done` stays pending
      return;
    }
    this.open = false;
    this.done = null;
    this.resolve();
    this.resolve = () => {};
  }

  /** Null when nothing is open, else a promise that the open transaction is durable. */
  settled(): Promise<void> | null {
    if (!this.open) return null;
    this.done ??= new Promise((resolve) => (this.resolve = resolve));
    return this.done;
  }
}
