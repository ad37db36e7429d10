import type { Connection } from 'mongoose';
import { billModel, memberRequestModel } from './bill/bill.store.ts';
import { badScansModel } from './payment-code/bad-scans.store.ts';
import { walletCaseModel } from './case/wallet-case.store.ts';
import { coolingModel } from './cooling/cooling.store.ts';
import { freezeRecordModel } from './freeze/freeze-record.store.ts';
import { paymentLimitsModel } from './limits/payment-limits.store.ts';
import { mailChoiceModel } from './notice/mail-choice.store.ts';
import { noticeModel } from './notice/notice.store.ts';
import { cardRegistrationModel } from './card/card-registration.store.ts';
import { cardModel } from './card/card.store.ts';
import { codeModel } from './payment-code/payment-code.store.ts';
import { paymentHandleModel } from './payment-code/payment-handle.store.ts';
import { paymentDeviceModel } from './payment-device/payment-device.store.ts';
import { paymentRefundModel } from './payment/payment-refund.store.ts';
import { paymentModel } from './payment/payment.store.ts';
import { matchedLineModel } from './reconciliation/matched-line.store.ts';
import {
  reconciliationExceptionModel,
  reconciliationModel,
} from './reconciliation/reconciliation.store.ts';
import { sellingStoreModel } from './store/selling-store.store.ts';
import { topUpCaseModel } from './top-up/top-up-case.store.ts';
import { atmTransactionModel, topUpModel } from './top-up/top-up.store.ts';
import { payeeModel } from './payout/payee.store.ts';
import { payoutFileModel } from './payout/payout-file.store.ts';
import { payoutModel } from './payout/payout.store.ts';
import {
  merchantStandingModel,
  settlementBatchModel,
} from './settlement/settlement-batch.store.ts';
import {
  settlementItemModel,
  settlementPositionModel,
} from './settlement/settlement-item.store.ts';
import { walletModel } from './wallet/wallet.store.ts';

/** Creates the wallet's collections and indexes, once. Safe to run at every start. */
export async function prepareWallet(connection: Connection): Promise<void> {
  for (const model of [
    walletModel,
    codeModel,
    paymentHandleModel,
    paymentDeviceModel,
    badScansModel,
    billModel,
    memberRequestModel,
    paymentModel,
    paymentRefundModel,
    topUpModel,
    atmTransactionModel,
    topUpCaseModel,
    cardModel,
    cardRegistrationModel,
    sellingStoreModel,
    reconciliationModel,
    reconciliationExceptionModel,
    matchedLineModel,
    freezeRecordModel,
    coolingModel,
    walletCaseModel,
    noticeModel,
    mailChoiceModel,
    paymentLimitsModel,
    settlementItemModel,
    settlementPositionModel,
    settlementBatchModel,
    merchantStandingModel,
    payeeModel,
    payoutModel,
    payoutFileModel,
  ]) {
    await model(connection).createCollection();
    await model(connection).createIndexes();
  }
  await keepMemberRequests(connection);
}

/** Databases from before it was kept for ever sweep the number under which a member paid after 400 days. */
async function keepMemberRequests(connection: Connection): Promise<void> {
  const { collection } = memberRequestModel(connection);
  const isThere = (await collection.indexes()).some(({ name }) => name === 'at_1');
  if (isThere) await collection.dropIndex('at_1');
}
