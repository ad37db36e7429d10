import {
  loaderFor,
  loaderForMany,
  operator,
  owner,
  shownTo,
  terminal,
  type Viewer,
} from '@7pay/graphql';
import { openLedger, walletAccount } from '@7pay/ledger';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import type { WalletChanges } from './changes.ts';
import { cardStore } from './card/card.store.ts';
import type { completeCardRegistration } from './card/complete-card-registration.ts';
import type { registerCard } from './card/register-card.ts';
import type { removeCard } from './card/remove-card.ts';
import type { issuePaymentCode } from './payment-code/issue-payment-code.ts';
import type { acceptPayment } from './payment/accept-payment.ts';
import type { authorizePayment } from './payment/authorize-payment.ts';
import type { cancelPayment } from './payment/cancel-payment.ts';
import type { capturePayment } from './payment/capture-payment.ts';
import { paymentRefundStore } from './payment/payment-refund.store.ts';
import type { refundPayment } from './payment/refund-payment.ts';
import { paymentStore } from './payment/payment.store.ts';
import type { topUpAtRegister } from './top-up/top-up-at-register.ts';
import type { completeTopUp, topUpByCard } from './top-up/top-up-by-card.ts';
import type { topUpByPoints } from './top-up/top-up-by-points.ts';
import { topUpCaseStore } from './top-up/top-up-case.store.ts';
import { topUpStore } from './top-up/top-up.store.ts';
import type { openWallet } from './wallet/open-wallet.ts';
import { walletStore } from './wallet/wallet.store.ts';

/** The use cases of the wallet. */
export interface WalletUseCases {
  readonly openWallet: ReturnType<typeof openWallet>;
  readonly issuePaymentCode: ReturnType<typeof issuePaymentCode>;
  readonly acceptPayment: ReturnType<typeof acceptPayment>;
  readonly authorizePayment: ReturnType<typeof authorizePayment>;
  readonly capturePayment: ReturnType<typeof capturePayment>;
  readonly cancelPayment: ReturnType<typeof cancelPayment>;
  readonly refundPayment: ReturnType<typeof refundPayment>;
  readonly topUpAtRegister: ReturnType<typeof topUpAtRegister>;
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
  { useCases, changes, clock }: { useCases: WalletUseCases; changes: WalletChanges; clock: Clock },
) {
  const wallets = walletStore(connection, null);
  const payments = paymentStore(connection, null);
  const refunds = paymentRefundStore(connection, null);
  const topUps = topUpStore(connection, null);
  const cards = cardStore(connection, null);
  const cases = topUpCaseStore(connection, null);
  const ledger = openLedger(connection);
  return (viewer: Viewer) => ({
    viewer,
    clock,
    useCases,
    changes,
    wallets,
    payments,
    topUps,
    cases,
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

/** What belongs to a member is shown to the member, strongly proven, and to operators. */
export const toMember = shownTo(owner('wallet', 2), operator);

/** A payment is shown to its member, to the terminals of its merchant, and to operators. */
export const toPartiesOfPayment = shownTo(owner('wallet', 2), terminal('merchant'), operator);
