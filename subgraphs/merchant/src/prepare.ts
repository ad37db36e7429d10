import type { Connection } from 'mongoose';
import { applicationModel } from './application/application.store.ts';
import { merchantModel, storeModel } from './merchant/merchant.store.ts';
import { pairingCodeModel, terminalModel } from './terminal/terminal.store.ts';

/** Creates the merchant collections and indexes, once. Safe to run at every start. */
export async function prepareMerchant(connection: Connection): Promise<void> {
  for (const model of [
    applicationModel,
    merchantModel,
    storeModel,
    terminalModel,
    pairingCodeModel,
  ]) {
    await model(connection).createCollection();
    await model(connection).createIndexes();
  }
}
