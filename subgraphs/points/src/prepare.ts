import type { Connection } from 'mongoose';
import { awardModel } from './award/award.store.ts';

/** Creates the collections and indexes of the points, once. Safe to run at every start. */
export async function preparePoints(connection: Connection): Promise<void> {
  await awardModel(connection).createCollection();
  await awardModel(connection).createIndexes();
}
