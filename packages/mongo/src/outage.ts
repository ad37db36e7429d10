import { hasErrorLabel } from './unit-of-work.ts';

const OUTAGES = new Set([
  'CommitOutcomeUnknown',
  'FeedUnavailable',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'UnitOfWorkTimedOut',
]);

/**
 * Whether the database is the reason, or the way to it, and not the work: asked again later, the same work may well be done.
 * A key that collides is none: unitOfWork() has tried again already, and what still collides is a bug.
 */
export const isOutage = (error: unknown): boolean =>
  hasErrorLabel(error, 'TransientTransactionError') ||
  (error instanceof Error && OUTAGES.has(error.name));
