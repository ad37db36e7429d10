import type { Connection } from 'mongoose';
import { auditModel } from './audit/audit.store.ts';

/** Creates the collections and indexes of the operations, once. Safe to run at every start. */
export async function prepareOperations(connection: Connection): Promise<void> {
  await auditModel(connection).createCollection();
  await auditModel(connection).createIndexes();
}
