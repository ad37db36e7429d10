import type { MongoServerError } from 'mongodb';

/** The error of something that must fail. */
export const failure = (promise: Promise<unknown>): Promise<MongoServerError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as MongoServerError,
  );
