import type { EngineSettings } from './settings.ts';
import { CommandError, code, TRANSIENT } from '../values/errors.ts';
import type { Doc } from '../values/types.ts';
import type { RetryState, RetryTable } from './retry-table.ts';
import { Transaction, type CommitSink } from './writer.ts';

/** One logical session: its newest transaction number and what became of it. */
export interface Session {
  readonly lsid: string;
  txnNumber: bigint;
  state: 'none' | 'retryable' | 'inProgress' | 'committed' | 'aborted';
  transaction: Transaction | null;
  retry: RetryState;
  usedAtMs: number;
  /** Cursors opened in it are closed when it ends. */
  readonly cursors: Set<bigint>;
}

/** Minutes a session may lie idle. */
export const SESSION_MINUTES = 30;
const MAX_SESSIONS = 100_000;
const FORGET_EVERY_MS = 10 * 60_000;

/** The session table and the state machine of transaction numbers. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();
  private readonly retryTable: RetryTable;
  private readonly sink: CommitSink;
  private readonly now: () => number;
  private readonly settings: Pick<EngineSettings, 'transactionLifetimeMs'>;
  private nextForgetMs = 0;

  constructor(input: {
    retryTable: RetryTable;
    sink: CommitSink;
    now: () => number;
    settings: Pick<EngineSettings, 'transactionLifetimeMs'>;
  }) {
    this.retryTable = input.retryTable;
    this.sink = input.sink;
    this.now = input.now;
    this.settings = input.settings;
  }

  /** The session of an id, made or read back from disk when it is not in memory. */
  use(lsid: string): Session {
    const known = this.sessions.get(lsid);
    if (known) {
      known.usedAtMs = this.now();
      return known;
    }
    if (this.sessions.size >= MAX_SESSIONS)
      throw new CommandError(261, 'Cannot add session into the cache: too many sessions');
    const stored = this.retryTable.load(lsid);
    const retry = stored ?? {
      txnNumber: -1n,
      committed: false,
      results: new Map(),
      usedAtMs: this.now(),
    };
    const session: Session = {
      lsid,
      retry,
      txnNumber: retry.txnNumber,
      state: retry.committed ? 'committed' : stored ? 'retryable' : 'none',
      transaction: null,
      usedAtMs: this.now(),
      cursors: new Set(),
    };
    this.sessions.set(lsid, session);
    return session;
  }

  /** Takes note of the transaction number of a retryable write. @throws CommandError 225 when it is old */
  beginRetryable(session: Session, txnNumber: bigint): void {
    this.refuseOld(session, txnNumber);
    if (txnNumber === session.txnNumber) {
      if (session.state === 'retryable') return;
      throw new CommandError(
        code.NoSuchTransaction,
        `Retryable write with txnNumber ${txnNumber} is prohibited because a transaction with the same number was used.`,
      );
    }
    this.abort(session);
    session.txnNumber = txnNumber;
    session.state = 'retryable';
    session.retry = { txnNumber, committed: false, results: new Map(), usedAtMs: this.now() };
  }

  private refuseOld(session: Session, txnNumber: bigint): void {
    if (txnNumber >= session.txnNumber) return;
    throw new CommandError(
      code.TransactionTooOld,
      `Cannot start transaction ${txnNumber} on session because a newer transaction with txnNumber ${session.txnNumber} has already started.`,
    );
  }

  /** Starts a transaction. @throws CommandError 225, 256 or 251 when the number was used */
  start(session: Session, txnNumber: bigint): Transaction {
    this.refuseOld(session, txnNumber);
    if (
      txnNumber === session.txnNumber &&
      session.state !== 'none' &&
      session.state !== 'aborted'
    ) {
      if (session.state === 'committed')
        throw new CommandError(
          code.TransactionCommitted,
          `Transaction with { txnNumber: ${txnNumber} } has been committed.`,
        );
      if (session.state === 'retryable')
        throw new CommandError(
          50911,
          `Cannot start a transaction with the number ${txnNumber} of a retryable write.`,
        );
    }
    this.abort(session);
    session.txnNumber = txnNumber;
    session.state = 'inProgress';
    session.retry = { txnNumber, committed: false, results: new Map(), usedAtMs: this.now() };
    session.transaction = new Transaction(this.sink, {
      lsid: session.lsid,
      txnNumber,
      expiresAt: this.now() + this.settings.transactionLifetimeMs,
    });
    return session.transaction;
  }

  /** The open transaction a statement continues. @throws CommandError 225, 251 or 256 */
  resume(session: Session, txnNumber: bigint): Transaction {
    this.refuseOld(session, txnNumber);
    if (
      txnNumber > session.txnNumber ||
      session.state === 'none' ||
      session.state === 'retryable'
    ) {
      throw noSuch(
        `Given transaction number ${txnNumber} does not match any in-progress transactions. The active transaction number is ${session.txnNumber}`,
      );
    }
    if (session.state === 'committed') {
      throw new CommandError(
        code.TransactionCommitted,
        `Transaction with { txnNumber: ${txnNumber} } has been committed.`,
      );
    }
    if (!session.transaction)
      throw noSuch(`Transaction with { txnNumber: ${txnNumber} } has been aborted.`);
    return session.transaction;
  }

  /** Commits; a transaction that is already committed answers the same again. */
  commit(session: Session, txnNumber: bigint): void {
    if (txnNumber === session.txnNumber && session.state === 'committed') return;
    const transaction = this.resume(session, txnNumber);
    transaction.commit();
    session.transaction = null;
    session.state = 'committed';
    session.retry.committed = true;
    session.retry.usedAtMs = this.now();
    // In the same event-loop turn, hence in the same atomic batch, as the data.
    this.retryTable.save(session.lsid, session.retry, []);
  }

  /** Ends the open transaction, if any, without its writes. */
  abort(session: Session): void {
    if (!session.transaction) return;
    session.transaction.abort();
    session.transaction = null;
    session.state = 'aborted';
  }

  /** Keeps the results of retryable statements; call it in the turn that wrote the data. */
  remember(
    session: Session,
    results: readonly (readonly [statement: number, result: Doc])[],
  ): void {
    for (const [statement, result] of results) session.retry.results.set(statement, result);
    session.retry.usedAtMs = this.now();
    this.retryTable.save(
      session.lsid,
      session.retry,
      results.map(([statement]) => statement),
    );
  }

  /** Ends a session: its transaction is aborted. What it committed stays known until it is old. */
  end(lsid: string): Session | undefined {
    const session = this.sessions.get(lsid);
    if (!session) return undefined;
    this.abort(session);
    this.sessions.delete(lsid);
    return session;
  }

  all(): Session[] {
    return [...this.sessions.values()];
  }

  ids(): string[] {
    return [...this.sessions.keys()];
  }

  open(): Transaction[] {
    return [...this.sessions.values()].flatMap((session) => session.transaction ?? []);
  }

  /** Aborts transactions past their life time and forgets sessions that lay idle. */
  sweep(): void {
    const now = this.now();
    const idle = now - SESSION_MINUTES * 60_000;
    for (const session of this.sessions.values()) {
      if (session.transaction && session.transaction.expiresAt <= now) this.abort(session);
      if (session.usedAtMs < idle) this.end(session.lsid);
    }
    if (now < this.nextForgetMs) return;
    this.nextForgetMs = now + FORGET_EVERY_MS; // it reads every row of the table
    for (const lsid of this.retryTable.idleSince(idle))
      if (!this.sessions.has(lsid)) this.retryTable.forget(lsid);
  }
}

const noSuch = (message: string): CommandError =>
  new CommandError(code.NoSuchTransaction, message, { labels: [TRANSIENT] });
