import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { FeedUnavailable } from './change-feed.ts';
import { isOutage } from './outage.ts';
import { CommitOutcomeUnknown, UnitOfWorkTimedOut } from './unit-of-work.ts';

const { MongoNetworkError, MongoNetworkTimeoutError, MongoServerError } = mongoose.mongo;
const labelled = new MongoServerError({ message: 'write conflict', code: 112 });
labelled.addErrorLabel('TransientTransactionError');

describe('an outage', () => {
  it.each([
    new UnitOfWorkTimedOut('late'),
    new CommitOutcomeUnknown('lost'),
    new FeedUnavailable('away'),
    new MongoNetworkError('cut'),
    new MongoNetworkTimeoutError('silent'),
    new mongoose.mongo.MongoNotConnectedError('closed'),
    new mongoose.Error.MongooseServerSelectionError('nobody'),
    labelled,
  ])('is what may be done when asked again: %s', (error) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each([
    new Error('a bug'),
    new MongoServerError({ message: 'duplicate key', code: 11_000 }),
    new MongoServerError({ message: 'document failed validation', code: 121 }),
    'UnitOfWorkTimedOut',
    null,
  ])('is not what would fail again: %s', (error) => {
    expect(isOutage(error)).toBe(false);
  });
});
