import {
  loaderFor,
  loaderForMany,
  operator,
  owner,
  shownTo,
  terminal,
  type Viewer,
} from '@7pay/graphql';
import { openAccountEntries, openLedger, walletAccount } from '@7pay/ledger';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import type { WalletChanges } from './changes.ts';
import type { QrScheme } from '@7pay/emv-qr';
import type { payAsAgreed } from './agreement/pay-as-agreed.ts';
import type { createBill } from './bill/create-bill.ts';
import type { lookAtQr } from './bill/look-at-qr.ts';
import type { payByQr } from './bill/pay-by-qr.ts';
import { coolingStore } from './cooling/cooling.store.ts';
import { cardStore } from './card/card.store.ts';
import type { completeCardRegistration } from './card/complete-card-registration.ts';
import type { registerCard } from './card/register-card.ts';
import type { removeCard } from './card/remove-card.ts';
import type { issuePaymentCode } from './payment-code/issue-payment-code.ts';
import type { issueHandles } from './payment-device/issue-handles.ts';
import { paymentDeviceStore } from './payment-device/payment-device.store.ts';
import type { registerPaymentDevice } from './payment-device/register-payment-device.ts';
import type { removePaymentDevice } from './payment-device/remove-payment-device.ts';
import type {
  closeWalletCase,
  reportUnrecognised,
  takeWalletCase,
} from './case/report-unrecognised.ts';
import { walletCaseStore } from './case/wallet-case.store.ts';
import type {
  freezeMyWallet,
  freezeWallet,
  thawMyWallet,
  thawWallet,
} from './freeze/freeze-wallet.ts';
import { freezeRecordStore } from './freeze/freeze-record.store.ts';
import { paymentLimitsStore } from './limits/payment-limits.store.ts';
import type { setMyPaymentLimits } from './limits/set-payment-limits.ts';
import { mailChoiceStore } from './notice/mail-choice.store.ts';
import { noticeStore } from './notice/notice.store.ts';
import type { acceptPayment } from './payment/accept-payment.ts';
import type { authorizePayment } from './payment/authorize-payment.ts';
import type { cancelPayment } from './payment/cancel-payment.ts';
import type { capturePayment } from './payment/capture-payment.ts';
import { paymentRefundStore } from './payment/payment-refund.store.ts';
import type { refundPayment } from './payment/refund-payment.ts';
import { paymentStore } from './payment/payment.store.ts';
import type { decideReturn } from './payout/decide-return.ts';
import type { approvePayoutFile, preparePayoutFile } from './payout/prepare-payout-file.ts';
import { payoutFileStore } from './payout/payout-file.store.ts';
import { payoutStore } from './payout/payout.store.ts';
import { settlementBatchStore } from './settlement/settlement-batch.store.ts';
import { settlementItemStore } from './settlement/settlement-item.store.ts';
import { reconciliationStore } from './reconciliation/reconciliation.store.ts';
import type { confirmMyPayment, decideHeldPayment, denyMyPayment } from './review/decide-review.ts';
import type { resolveException } from './reconciliation/resolve-exception.ts';
import { movementOf } from './statement/movement.ts';
import { movementsOf, readStatement } from './statement/read-movements.ts';
import type { Statement } from './statement/statement.ts';
import { storeNamesStore } from './store/selling-store.store.ts';
import type { topUpAtRegister } from './top-up/top-up-at-register.ts';
import type { completeTopUp, topUpByCard } from './top-up/top-up-by-card.ts';
import type { resolveTopUpCase, takeTopUpCase } from './top-up/resolve-top-up-case.ts';
import type { topUpByPoints } from './top-up/top-up-by-points.ts';
import { topUpCaseStore } from './top-up/top-up-case.store.ts';
import { topUpStore } from './top-up/top-up.store.ts';
import type { openWallet } from './wallet/open-wallet.ts';
import { walletStore } from './wallet/wallet.store.ts';

/** The use cases of the wallet. */
export interface WalletUseCases {
  readonly openWallet: ReturnType<typeof openWallet>;
  readonly freezeMyWallet: ReturnType<typeof freezeMyWallet>;
  readonly thawMyWallet: ReturnType<typeof thawMyWallet>;
  readonly freezeWallet: ReturnType<typeof freezeWallet>;
  readonly thawWallet: ReturnType<typeof thawWallet>;
  readonly setMyPaymentLimits: ReturnType<typeof setMyPaymentLimits>;
  readonly reportUnrecognised: ReturnType<typeof reportUnrecognised>;
  readonly closeWalletCase: ReturnType<typeof closeWalletCase>;
  readonly issuePaymentCode: ReturnType<typeof issuePaymentCode>;
  readonly registerPaymentDevice: ReturnType<typeof registerPaymentDevice>;
  readonly issueHandles: ReturnType<typeof issueHandles>;
  readonly removePaymentDevice: ReturnType<typeof removePaymentDevice>;
  readonly createBill: ReturnType<typeof createBill>;
  readonly lookAtQr: ReturnType<typeof lookAtQr>;
  readonly payByQr: ReturnType<typeof payByQr>;
  readonly payAsAgreed: ReturnType<typeof payAsAgreed>;
  readonly acceptPayment: ReturnType<typeof acceptPayment>;
  readonly authorizePayment: ReturnType<typeof authorizePayment>;
  readonly capturePayment: ReturnType<typeof capturePayment>;
  readonly cancelPayment: ReturnType<typeof cancelPayment>;
  readonly refundPayment: ReturnType<typeof refundPayment>;
  readonly confirmMyPayment: ReturnType<typeof confirmMyPayment>;
  readonly denyMyPayment: ReturnType<typeof denyMyPayment>;
  readonly decideHeldPayment: ReturnType<typeof decideHeldPayment>;
  readonly takeTopUpCase: ReturnType<typeof takeTopUpCase>;
  readonly resolveTopUpCase: ReturnType<typeof resolveTopUpCase>;
  readonly takeWalletCase: ReturnType<typeof takeWalletCase>;
  readonly topUpAtRegister: ReturnType<typeof topUpAtRegister>;
  readonly resolveException: ReturnType<typeof resolveException>;
  readonly preparePayoutFile: ReturnType<typeof preparePayoutFile>;
  readonly approvePayoutFile: ReturnType<typeof approvePayoutFile>;
  readonly decideReturnedPayout: ReturnType<typeof decideReturn>;
  readonly registerCard: ReturnType<typeof registerCard>;
  readonly completeCardRegistration: ReturnType<typeof completeCardRegistration>;
  readonly removeCard: ReturnType<typeof removeCard>;
  readonly topUpByCard: ReturnType<typeof topUpByCard>;
  readonly completeTopUp: ReturnType<typeof completeTopUp>;
  readonly topUpByPoints: ReturnType<typeof topUpByPoints>;
}

/** What resolvers work with, made anew for each request. */
export type WalletContext = ReturnType<ReturnType<typeof walletContext>>;

/** Reads go past the unit of work; loaders ask once for many and keep the answers for one request. */
export function walletContext(
  connection: Connection,
  {
    useCases,
    changes,
    qrScheme,
    clock,
  }: { useCases: WalletUseCases; changes: WalletChanges; qrScheme: QrScheme; clock: Clock },
) {
  const wallets = walletStore(connection, null);
  const devices = paymentDeviceStore(connection, null);
  const payments = paymentStore(connection, null);
  const refunds = paymentRefundStore(connection, null);
  const topUps = topUpStore(connection, null);
  const reconciliations = reconciliationStore(connection, null);
  const limits = paymentLimitsStore(connection, null);
  const cards = cardStore(connection, null);
  const topUpCases = topUpCaseStore(connection, null);
  const ledger = openLedger(connection);
  const namesOf = storeNamesStore(connection);
  const sources = {
    entries: openAccountEntries(connection),
    accountOf: (id: string) => ledger.account(null, walletAccount(id)),
  };
  const payouts = payoutStore(connection, null);
  const cases = walletCaseStore(connection, null);
  return (viewer: Viewer) => ({
    viewer,
    useCases,
    clock,
    notices: noticeStore(connection, null),
    mailChoices: mailChoiceStore(connection, null),
    movementsOf: movementsOf(sources),
    movementOf: async (walletId: string, id: string) => {
      const entry = await ledger.entry(null, id);
      const stand = entry?.stands.find(({ account }) => account === walletAccount(walletId));
      return entry && stand ? movementOf(walletId, { entry, stand }) : null;
    },
    statementOf: readStatement(sources),
    storeNames: ({ movements }: Statement) =>
      namesOf(movements.flatMap(({ storeId }) => storeId ?? [])),
    cases,
    caseOf: loaderFor(cases.ofSubjects, ({ subject }) => subject),
    limitsOf: loaderFor(limits.findMany, ({ walletId }) => walletId),
    changes,
    qrScheme,
    devices,
    wallets,
    payments,
    topUps,
    reconciliations,
    batches: settlementBatchStore(connection, null),
    settlementItems: settlementItemStore(connection, null),
    payouts,
    payoutFiles: payoutFileStore(connection, null),
    payoutsOfBatch: loaderForMany(payouts.ofBatches, ({ batchId }) => batchId),
    topUpCases,
    freezeRecords: freezeRecordStore(connection, null),
    coolings: coolingStore(connection),
    cards,
    cardById: loaderFor(cards.findMany, ({ id }) => id),
    walletById: loaderFor(wallets.findMany, ({ id }) => id),
    refundsOf: loaderForMany(refunds.ofPayments, ({ paymentId }) => paymentId),
    paymentById: loaderFor(payments.findMany, ({ id }) => id),
    accountOf: loaderFor(
      (ids) => ledger.accounts(ids.map((id) => walletAccount(id))),
      ({ wallet }) => wallet,
    ),
  });
}

/** The duties that see wallets and payments of members. */
export const readsMoney = operator('support', 'security', 'finance', 'auditor');

/** What belongs to a member is shown to the member, strongly proven, and to those operators. */
export const toMember = shownTo(owner('wallet', 2), readsMoney);

/** A payment is shown to its member, to the terminals of its merchant, and to those operators. */
export const toPartiesOfPayment = shownTo(owner('wallet', 2), terminal('merchant'), readsMoney);
