import type { Connection } from 'mongoose';
import { accountModel, accountRules, ACCOUNTS } from './account/account.store.ts';
import { JOURNAL, journalModel, journalRules } from './entry/journal-entry.store.ts';
import { sealModel } from './seal/seal.store.ts';
import { rollupModel } from './seal/rollup.store.ts';

/** Creates the collections of the ledger, their validators and indexes, once. Safe to run at every start. */
export async function prepareLedger(connection: Connection): Promise<void> {
  const collections = await connection.listCollections();
  const existing = new Set(collections.map(({ name }) => name));
  const ruled = [
    [accountModel(connection), ACCOUNTS, accountRules],
    [journalModel(connection), JOURNAL, journalRules],
  ] as const;
  for (const [model, name, validator] of ruled) {
    // A collection that is older than its rules gets them too.
    if (existing.has(name)) await connection.db?.command({ collMod: name, validator });
    else await model.createCollection({ validator });
    await model.createIndexes();
  }
  for (const model of [sealModel(connection), rollupModel(connection)]) {
    await model.createCollection();
    await model.createIndexes();
  }
}
