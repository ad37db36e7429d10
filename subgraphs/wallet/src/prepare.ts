import type { Connection } from 'mongoose';
import { cardRegistrationModel } from './card/card-registration.store.ts';
import { cardModel } from './card/card.store.ts';
import { codeModel } from './payment-code/payment-code.store.ts';
import { paymentRefundModel } from './payment/payment-refund.store.ts';
import { paymentModel } from './payment/payment.store.ts';
import { sellingStoreModel } from './store/selling-store.store.ts';
import { topUpCaseModel } from './top-up/top-up-case.store.ts';
import { topUpModel } from './top-up/top-up.store.ts';
import { walletModel } from './wallet/wallet.store.ts';

/** Creates the wallet's collections and indexes, once. Safe to run at every start. */
export async function prepareWallet(connection: Connection): Promise<void> {
  for (const model of [
    walletModel,
    codeModel,
    paymentModel,
    paymentRefundModel,
    topUpModel,
    topUpCaseModel,
    cardModel,
    cardRegistrationModel,
    sellingStoreModel,
  ]) {
    await model(connection).createCollection();
    await model(connection).createIndexes();
  }
}
