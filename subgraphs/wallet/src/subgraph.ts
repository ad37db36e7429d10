import { openInbox } from '@7pay/events';
import { defineSubgraph, type ServiceDeps, stub, type Subgraph } from '@7pay/graphql';
import type { QrScheme } from '@7pay/emv-qr';
import { type SealKey, sealJournal } from '@7pay/ledger';
import type { PartySettings } from '@7pay/world';
import { AgreementResolver } from './agreement/agreement.graphql.ts';
import { payAsAgreed } from './agreement/pay-as-agreed.ts';
import { BillResolver } from './bill/bill.graphql.ts';
import { OWN_SCHEME } from './bill/bill.ts';
import { createBill } from './bill/create-bill.ts';
import { lookAtQr } from './bill/look-at-qr.ts';
import { payByQr } from './bill/pay-by-qr.ts';
import { CardResolver } from './card/card.graphql.ts';
import { completeCardRegistration } from './card/complete-card-registration.ts';
import { httpAcquirer } from './card/http-acquirer.ts';
import { registerCard } from './card/register-card.ts';
import { removeCard } from './card/remove-card.ts';
import { beginCooling } from './cooling/begin-cooling.consumer.ts';
import { coolingStore } from './cooling/cooling.store.ts';
import { CoolingResolver } from './cooling/cooling.graphql.ts';
import { walletChanges } from './changes.ts';
import { type WalletUseCases, walletContext } from './context.ts';
import { freezeAsReported } from './freeze/freeze-as-reported.consumer.ts';
import { freezeReclaimedWallet } from './freeze/freeze-reclaimed.consumer.ts';
import { freezeMyWallet, freezeWallet, thawMyWallet, thawWallet } from './freeze/freeze-wallet.ts';
import { FreezeDetailResolver, FreezeResolver } from './freeze/freeze.graphql.ts';
import { FreezeHistoryResolver, FreezeRecordResolver } from './freeze/freeze-history.graphql.ts';
import { PaymentLimitsResolver } from './limits/payment-limits.graphql.ts';
import { paymentLimitsStore } from './limits/payment-limits.store.ts';
import { raiseLimitsWorker } from './limits/raise-limits.worker.ts';
import { raiseLimits, setMyPaymentLimits } from './limits/set-payment-limits.ts';
import { closeWalletCase, reportUnrecognised, takeWalletCase } from './case/report-unrecognised.ts';
import { WalletCaseResolver, WalletCasesResolver } from './case/wallet-case.graphql.ts';
import { giveNotice, giveNotices } from './notice/give-notice.consumer.ts';
import { MailChoiceResolver } from './notice/mail-choice.graphql.ts';
import { NoticeResolver } from './notice/notice.graphql.ts';
import { storeNamesStore } from './store/selling-store.store.ts';
import { endCodesWithLogins } from './payment-code/end-codes.consumer.ts';
import { issuePaymentCode } from './payment-code/issue-payment-code.ts';
import { PaymentCodeResolver } from './payment-code/payment-code.graphql.ts';
import { presentCode as codePresenter } from './payment-code/present-code.ts';
import { deviceVault } from './payment-device/device-vault.ts';
import { issueHandles } from './payment-device/issue-handles.ts';
import { PaymentDeviceResolver } from './payment-device/payment-device.graphql.ts';
import { registerPaymentDevice } from './payment-device/register-payment-device.ts';
import { removePaymentDevice } from './payment-device/remove-payment-device.ts';
import { acceptPayment } from './payment/accept-payment.ts';
import { authorizePayment } from './payment/authorize-payment.ts';
import { cancelPayment } from './payment/cancel-payment.ts';
import { capturePayment } from './payment/capture-payment.ts';
import { PaymentChangesResolver } from './payment/payment-changes.graphql.ts';
import { PaymentFollowUpResolver } from './payment/payment-follow-up.graphql.ts';
import { paymentStore } from './payment/payment.store.ts';
import { refundPayment } from './payment/refund-payment.ts';
import { releaseOverdue, releasePayments } from './payment/release-payments.worker.ts';
import type { PartyDoor } from './party-door.ts';
import { paymentReference, PaymentResolver, StoreResolver } from './payment/payment.graphql.ts';
import { StoreType } from './payment/payment-type.graphql.ts';
import { ReconciliationResolver } from './reconciliation/reconciliation.graphql.ts';
import { confirmMyPayment, decideHeldPayment, denyMyPayment } from './review/decide-review.ts';
import { ReviewDetailResolver, ReviewResolver } from './review/review.graphql.ts';
import { resolveException } from './reconciliation/resolve-exception.ts';
import {
  MovementResolver,
  StatementResolver,
  WalletMovementsResolver,
} from './statement/movement.graphql.ts';
import { OneMovementResolver } from './statement/one-movement.graphql.ts';
import { PayoutResolver } from './payout/payout.graphql.ts';
import { SettlementResolver } from './settlement/settlement.graphql.ts';
import { openSettlement } from './settlement/open-settlement.ts';
import { knowStore } from './store/know-store.consumer.ts';
import { askAtAtm } from './top-up/ask-at-atm.ts';
import { hearFromAtm } from './top-up/hear-from-atm.ts';
import { httpAcquirerDoor } from './top-up/http-acquirer-door.ts';
import { httpAtmDoor } from './top-up/http-atm-door.ts';
import { httpAtmNetwork } from './top-up/http-atm-network.ts';
import { httpRegisterNetwork } from './top-up/http-register-network.ts';
import { settleByCard } from './top-up/settle-by-card.ts';
import { settleAtAtm } from './top-up/settle-at-atm.ts';
import { settleAtRegister, type SettleTopUp } from './top-up/settle-top-up.ts';
import { settleTopUps } from './top-up/settle-top-ups.worker.ts';
import { topUpAtRegister } from './top-up/top-up-at-register.ts';
import { TopUpByCardResolver } from './top-up/top-up-by-card.graphql.ts';
import { completeTopUp, topUpByCard } from './top-up/top-up-by-card.ts';
import { TopUpCaseResolver } from './top-up/top-up-case.graphql.ts';
import { resolveTopUpCase, takeTopUpCase } from './top-up/resolve-top-up-case.ts';
import { topUpByPoints } from './top-up/top-up-by-points.ts';
import { TopUpLimitsResolver } from './top-up/top-up-limits.graphql.ts';
import { TopUpChangesResolver } from './top-up/top-up-changes.graphql.ts';
import { TopUpResolver } from './top-up/top-up.graphql.ts';
import { topUpStore } from './top-up/top-up.store.ts';
import { openWalletUnitOfWork } from './unit-of-work.ts';
import { closeWithAccount, closeWithAccounts } from './wallet/close-with-account.consumer.ts';
import { openWallet } from './wallet/open-wallet.ts';
import {
  MemberResolver,
  MemberType,
  walletReference,
  WalletResolver,
} from './wallet/wallet.graphql.ts';

/** What the wallet needs besides what every service is given. */
export interface WalletDeps extends ServiceDeps {
  /** The network of the stores' registers, an outside party. */
  readonly registerNetwork: PartySettings;
  /** The network of the ATMs, an outside party. */
  readonly atmNetwork: PartySettings;
  /** The card acquirer, an outside party. */
  readonly acquirer: PartySettings;
  /** The page of the wallet to which the pages of the acquirer lead back. */
  readonly cardReturnUrl: string;
  /** Says who answers the parties that come to us by themselves. */
  readonly partyDoor: PartyDoor['mount'];
  /** Signs the seals of the journal: the wallet, where most entries are made, seals for all. */
  readonly sealKey: SealKey;
  /** Under which the secrets of payment devices are sealed, 32 characters or more. */
  readonly deviceSecret: string;
  /** Whose identifiers the codes of stores carry; our own unless told. */
  readonly qrScheme?: QrScheme;
}

/** The sources of each party that takes money. */
const PARTIES = [['REGISTER'], ['ATM'], ['CREDIT', 'DEBIT']] as const;

/** The wallet subgraph: wallets, payment codes and devices, bills, payments, top-ups, cards, and what members do with them. */
export function walletSubgraph(deps: WalletDeps): Subgraph {
  const { connection, controls, clock, ids, log, qrScheme = OWN_SCHEME } = deps;
  const unitOfWork = openWalletUnitOfWork(connection, clock);
  const settlement = openSettlement(deps);
  const changes = walletChanges(deps);
  const network = httpRegisterNetwork(deps.registerNetwork, { clock, log });
  const vault = deviceVault(deps.deviceSecret);
  const presentCode = codePresenter(vault, controls);
  const atRegister = settleAtRegister(unitOfWork, network, clock);
  const hear = hearFromAtm(unitOfWork, () => controls.generation, clock);
  const atAtm = settleAtAtm(unitOfWork, httpAtmNetwork(deps.atmNetwork, { clock, log }), hear);
  const acquirer = httpAcquirer(deps.acquirer, { clock, log });
  const byCard = settleByCard(unitOfWork, acquirer, controls, clock);
  const cardPages = { acquirer, returnUrl: deps.cardReturnUrl };
  const settle: SettleTopUp = async (topUp) => {
    if (topUp.source === 'REGISTER') return atRegister(topUp);
    if (topUp.source === 'ATM') return atAtm(topUp);
    return topUp.source === 'POINTS' ? topUp : byCard.ask(topUp);
  };
  const topUps = topUpStore(connection, null);
  const atmDoor = httpAtmDoor(
    { ask: askAtAtm(unitOfWork, controls, clock, presentCode), hear },
    { secret: deps.atmNetwork.secret, clock, log },
  );
  const acquirerDoor = httpAcquirerDoor(
    { find: topUps.find, settle },
    { secret: deps.acquirer.secret, clock, log },
  );
  deps.partyDoor((request, response) => {
    const door = request.url?.startsWith('/acquirer/') ? acquirerDoor : atmDoor;
    door(request, response);
  });
  const useCases: WalletUseCases = {
    openWallet: openWallet(unitOfWork, controls, clock),
    freezeMyWallet: freezeMyWallet(unitOfWork, controls, clock),
    thawMyWallet: thawMyWallet(unitOfWork, controls, clock),
    freezeWallet: freezeWallet(unitOfWork, controls, clock),
    thawWallet: thawWallet(unitOfWork, controls, clock),
    setMyPaymentLimits: setMyPaymentLimits(unitOfWork, controls, clock),
    reportUnrecognised: reportUnrecognised(unitOfWork, controls, clock),
    closeWalletCase: closeWalletCase(unitOfWork, clock),
    issuePaymentCode: issuePaymentCode(unitOfWork, controls, clock, ids),
    registerPaymentDevice: registerPaymentDevice(unitOfWork, controls, clock, vault),
    issueHandles: issueHandles(unitOfWork, controls, clock, { ids, vault }),
    removePaymentDevice: removePaymentDevice(unitOfWork, clock),
    createBill: createBill(unitOfWork, controls, clock),
    lookAtQr: lookAtQr(unitOfWork, clock, qrScheme),
    payByQr: payByQr(unitOfWork, controls, clock),
    payAsAgreed: payAsAgreed(unitOfWork, controls, clock),
    acceptPayment: acceptPayment(unitOfWork, controls, clock, { presentCode }),
    authorizePayment: authorizePayment(unitOfWork, controls, clock, { presentCode }),
    capturePayment: capturePayment(unitOfWork, controls, clock),
    cancelPayment: cancelPayment(unitOfWork, controls, clock),
    refundPayment: refundPayment(unitOfWork, controls, clock),
    confirmMyPayment: confirmMyPayment(unitOfWork, controls, clock),
    denyMyPayment: denyMyPayment(unitOfWork, controls, clock),
    decideHeldPayment: decideHeldPayment(unitOfWork, controls, clock),
    resolveException: resolveException(unitOfWork, clock),
    takeTopUpCase: takeTopUpCase(unitOfWork, clock),
    resolveTopUpCase: resolveTopUpCase(unitOfWork, controls, clock),
    takeWalletCase: takeWalletCase(unitOfWork, clock),
    topUpAtRegister: topUpAtRegister(unitOfWork, controls, clock, { settle, presentCode }),
    ...settlement.useCases,
    registerCard: registerCard(unitOfWork, controls, clock, cardPages),
    completeCardRegistration: completeCardRegistration(unitOfWork, acquirer, clock),
    removeCard: removeCard(unitOfWork),
    topUpByCard: topUpByCard(unitOfWork, controls, clock, { ...cardPages, settle: byCard }),
    completeTopUp: completeTopUp(unitOfWork, byCard),
    topUpByPoints: topUpByPoints(unitOfWork, controls, clock),
  };
  const inbox = openInbox(connection, 'wallet', clock);
  return defineSubgraph({
    name: 'wallet',
    resolvers: [
      WalletResolver,
      FreezeResolver,
      FreezeDetailResolver,
      FreezeHistoryResolver,
      FreezeRecordResolver,
      PaymentLimitsResolver,
      CoolingResolver,
      WalletCasesResolver,
      WalletCaseResolver,
      NoticeResolver,
      MailChoiceResolver,
      WalletMovementsResolver,
      MovementResolver,
      StatementResolver,
      OneMovementResolver,
      MemberResolver,
      PaymentResolver,
      PaymentFollowUpResolver,
      PaymentChangesResolver,
      ReviewResolver,
      ReviewDetailResolver,
      StoreResolver,
      PaymentCodeResolver,
      PaymentDeviceResolver,
      BillResolver,
      AgreementResolver,
      TopUpResolver,
      TopUpLimitsResolver,
      TopUpByCardResolver,
      TopUpCaseResolver,
      CardResolver,
      TopUpChangesResolver,
      ReconciliationResolver,
      SettlementResolver,
      PayoutResolver,
    ],
    orphanedTypes: [MemberType, StoreType],
    references: {
      Wallet: walletReference,
      Payment: paymentReference,
      Member: stub,
      Store: stub,
    },
    context: walletContext(connection, { useCases, changes, qrScheme, clock }),
    consumers: [
      knowStore(unitOfWork),
      endCodesWithLogins(unitOfWork, inbox, log),
      freezeAsReported(unitOfWork, inbox, deps),
      beginCooling(coolingStore(connection), log),
      freezeReclaimedWallet(unitOfWork, {
        inbox,
        controls,
        clock,
        log,
      }),
      settlement.consumer,
      ...closeWithAccounts(closeWithAccount(unitOfWork)),
      ...giveNotices(giveNotice(unitOfWork, storeNamesStore(connection))),
    ],
    workers: [
      ...PARTIES.map((sources) =>
        settleTopUps({ sources, pending: topUps.pending, settle, clock, log }),
      ),
      releasePayments({
        overdue: paymentStore(connection, null).overdue,
        release: releaseOverdue(unitOfWork, clock, () => controls.generation),
        clock,
        log,
      }),
      raiseLimitsWorker({
        due: paymentLimitsStore(connection, null).due,
        raise: raiseLimits(unitOfWork, controls, clock),
        clock,
        log,
      }),
      settlement.worker,
      sealJournal(connection, { key: deps.sealKey, clock, log }),
      changes.worker,
    ],
    log,
  });
}
