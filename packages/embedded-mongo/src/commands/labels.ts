import { CommandError, code, RETRYABLE, TRANSIENT } from '../values/errors.ts';
import type { Doc } from '../values/types.ts';

/** Codes a driver may retry a write after. */
export const RETRYABLE_CODES: ReadonlySet<number> = new Set([
  6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** Codes after which a driver resumes a change stream. */
const RESUMABLE_CODES: ReadonlySet<number> = new Set([
  ...RETRYABLE_CODES,
  63,
  133,
  150,
  234,
  13388,
]);

const TRANSIENT_CODES: ReadonlySet<number> = new Set([
  code.WriteConflict,
  code.LockTimeout,
  code.NoSuchTransaction,
  code.SnapshotUnavailable,
  code.ConflictingOperationInProgress,
  ...RETRYABLE_CODES,
]);

/** Where a command stands in its session; labels depend on it. */
export interface Standing {
  readonly inTransaction: boolean;
  readonly endsTransaction: boolean;
  readonly retryable: boolean;
}

/** The standing a command claims by its own fields. */
export function standingOf(name: string, body: Doc): Standing {
  const endsTransaction = name === 'commitTransaction' || name === 'abortTransaction';
  const numbered = body.has('txnNumber');
  const inTransaction = numbered && body.get('autocommit') === false;
  return {
    inTransaction,
    endsTransaction,
    retryable: numbered && (!inTransaction || endsTransaction),
  };
}

/** The labels of an error: by them alone a driver decides to try again. */
export function labelsFor(errorCode: number, name: string, standing: Standing): string[] {
  if (standing.inTransaction && !standing.endsTransaction)
    return TRANSIENT_CODES.has(errorCode) ? [TRANSIENT] : [];
  if (name === 'commitTransaction' && errorCode === code.NoSuchTransaction) return [TRANSIENT];
  return standing.retryable && RETRYABLE_CODES.has(errorCode) ? [RETRYABLE] : [];
}

/** An error met by a change stream, with the label that tells a driver to resume it. */
export function resumable(error: unknown): unknown {
  if (!(error instanceof CommandError) || !RESUMABLE_CODES.has(error.code)) return error;
  return new CommandError(error.code, error.message, {
    labels: [...error.labels, 'ResumableChangeStreamError'],
    extra: error.extra,
  });
}
