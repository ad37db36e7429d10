import type { Connection } from 'mongoose';
import { claimModel } from './claim/balance-refund-claim.store.ts';
import { walletCloseModel } from './close/wallet-close.store.ts';
import { programmeModel, programmeTurnModel } from './programme/refund-programme.store.ts';

/** Creates the collections and indexes of the refunds, once. Safe to run at every start. */
export async function prepareRefund(connection: Connection): Promise<void> {
  for (const model of [programmeModel, programmeTurnModel, claimModel, walletCloseModel]) {
    await model(connection).createCollection();
    await model(connection).createIndexes();
  }
}
