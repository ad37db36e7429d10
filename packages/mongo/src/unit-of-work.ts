import { setTimeout as wait } from 'node:timers/promises';
import mongoose, { type ClientSession, type Connection } from 'mongoose';
import { canSendAsOne, deferWrites, sendWrites } from './deferred-writes.ts';

/**
 * Runs one body in one transaction: everything in it is written, or nothing.
 * The body may run several times, so it makes its ids outside and reads before it writes.
 */
export type UnitOfWork = <Result>(
  body: (session: ClientSession) => Promise<Result>,
) => Promise<Result>;

/** The deadline passed before the body could be committed. Nothing was written. */
export class UnitOfWorkTimedOut extends Error {
  override readonly name = 'UnitOfWorkTimedOut';
}

/** The commit was sent and its answer never came: it may have happened. Ask by the business id. */
export class CommitOutcomeUnknown extends Error {
  override readonly name = 'CommitOutcomeUnknown';
}

/** Whether the driver put this label on the error. */
export const hasErrorLabel = (error: unknown, label: string): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'hasErrorLabel' in error &&
  typeof error.hasErrorLabel === 'function' &&
  error.hasErrorLabel(label) === true;

/** Whether a unique index refused the write (E11000), alone or among others that were sent with it. */
export function isDuplicateKey(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && error.code === 11000) return true;
  if (!('writeErrors' in error) || !(error.writeErrors instanceof Map)) return false;
  return [...error.writeErrors.values()].some((each) => isDuplicateKey(each));
}

const { MongoExpiredSessionError, MongoNetworkError, MongoServerError } = mongoose.mongo;
const { MongoServerSelectionError, MongoTransactionError } = mongoose.mongo;

const DEADLINE_MS = 1_500; // a register waits no longer (docs/adr/0004-unit-of-work.md)
const LONGEST_PAUSE_MS = 80;

/**
 * A unit of work on this connection. The driver's own helper would loop for up to 120 seconds, useless at a
 * register, so the loop is ours: transient errors, a database out of reach and lost races (a duplicate key) run the
 * body again with the same ids until the deadline; when only the commit's outcome is unknown, only the commit is sent
 * again.
 * @throws UnitOfWorkTimedOut nothing was written
 * @throws CommitOutcomeUnknown it may have been written
 */
export function unitOfWork(
  connection: Connection,
  options: {
    deadlineMs?: number;
    /**
     * Writes are sent together, in their order, when something is read or all is done. Only for bodies that read and
     * write through rows.ts alone: another read would not see what waits.
     */
    deferring?: boolean;
    /** Whether one command may carry them all; asked of the server unless told. */
    asOne?: boolean;
  } = {},
): UnitOfWork {
  const { deadlineMs = DEADLINE_MS, deferring = false, asOne } = options;
  return async (body) => {
    const start = performance.now();
    const left = () => deadlineMs - (performance.now() - start);
    const session = await connection.startSession();
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          session.startTransaction({
            readConcern: { level: 'snapshot' },
            writeConcern: { w: 'majority', journal: true },
          });
          if (deferring) deferWrites(session, asOne ?? canSendAsOne(connection));
          const result = await body(session);
          await sendWrites(session);
          await commit(session, left);
          return result;
        } catch (error) {
          if (session.inTransaction()) await session.abortTransaction().catch(() => {});
          if (!mayRunAgain(error)) throw error;
          const pause = Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** attempt);
          if (left() < pause) {
            if (isDuplicateKey(error)) throw error;
            throw new UnitOfWorkTimedOut(`no commit within ${deadlineMs} ms`, { cause: error });
          }
          await wait(pause);
        }
      }
    } finally {
      await session.endSession();
    }
  };
}

// A duplicate key inside a transaction means that a copy of the same work was committed meanwhile: the body
// runs again and finds it. The same key colliding for ever is a bug, which the deadline ends.
const mayRunAgain = (error: unknown): boolean =>
  !(error instanceof CommitOutcomeUnknown) &&
  (hasErrorLabel(error, 'TransientTransactionError') ||
    isDuplicateKey(error) ||
    isOutOfReach(error));

// The driver puts its label only on the first error of a connection: not on those of the others that broke with it, nor
// when it finds no server. From before the commit, for commit() lets none of these through.
const isOutOfReach = (error: unknown): boolean =>
  error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;

// Only the server can say that it did not commit, or the driver that there was nothing to send. Whatever else becomes
// of a commit leaves its outcome open, with or without the driver's label.
const isAnswer = (error: unknown): boolean =>
  error instanceof MongoServerError
    ? !hasErrorLabel(error, 'UnknownTransactionCommitResult')
    : error instanceof MongoTransactionError || error instanceof MongoExpiredSessionError;

async function commit(session: ClientSession, left: () => number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (isAnswer(error)) throw error;
      const pause = Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** attempt);
      if (left() < pause) {
        throw new CommitOutcomeUnknown('the answer to a commit was lost', { cause: error });
      }
      await wait(pause);
    }
  }
}
