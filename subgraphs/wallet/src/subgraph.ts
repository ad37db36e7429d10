import { defineSubgraph, type ServiceDeps, stub, type Subgraph } from '@7pay/graphql';
import { type SealKey, sealJournal } from '@7pay/ledger';
import type { PartySettings } from '@7pay/world';
import { CardResolver } from './card/card.graphql.ts';
import { completeCardRegistration } from './card/complete-card-registration.ts';
import { httpAcquirer } from './card/http-acquirer.ts';
import { registerCard } from './card/register-card.ts';
import { removeCard } from './card/remove-card.ts';
import { walletChanges } from './changes.ts';
import { type WalletUseCases, walletContext } from './context.ts';
import { issuePaymentCode } from './payment-code/issue-payment-code.ts';
import { PaymentCodeResolver } from './payment-code/payment-code.graphql.ts';
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
import { topUpByPoints } from './top-up/top-up-by-points.ts';
import { TopUpLimitsResolver } from './top-up/top-up-limits.graphql.ts';
import { TopUpChangesResolver } from './top-up/top-up-changes.graphql.ts';
import { TopUpResolver } from './top-up/top-up.graphql.ts';
import { topUpStore } from './top-up/top-up.store.ts';
import { openWalletUnitOfWork } from './unit-of-work.ts';
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
}

/** The sources of each party that takes money. */
const PARTIES = [['REGISTER'], ['ATM'], ['CREDIT', 'DEBIT']] as const;

/** The wallet subgraph: wallets, payment codes, payments, top-ups. */
export function walletSubgraph(deps: WalletDeps): Subgraph {
  const { connection, controls, clock, ids, log } = deps;
  const unitOfWork = openWalletUnitOfWork(connection, clock);
  const changes = walletChanges(deps);
  const network = httpRegisterNetwork(deps.registerNetwork, { clock, log });
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
    { ask: askAtAtm(unitOfWork, controls, clock), hear },
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
    issuePaymentCode: issuePaymentCode(unitOfWork, controls, clock, ids),
    acceptPayment: acceptPayment(unitOfWork, controls, clock),
    authorizePayment: authorizePayment(unitOfWork, controls, clock),
    capturePayment: capturePayment(unitOfWork, controls, clock),
    cancelPayment: cancelPayment(unitOfWork, controls, clock),
    refundPayment: refundPayment(unitOfWork, controls, clock),
    topUpAtRegister: topUpAtRegister(unitOfWork, controls, clock, settle),
    registerCard: registerCard(unitOfWork, controls, clock, cardPages),
    completeCardRegistration: completeCardRegistration(unitOfWork, acquirer, clock),
    removeCard: removeCard(unitOfWork),
    topUpByCard: topUpByCard(unitOfWork, controls, clock, { ...cardPages, settle: byCard }),
    completeTopUp: completeTopUp(unitOfWork, byCard),
    topUpByPoints: topUpByPoints(unitOfWork, controls, clock),
  };
  return defineSubgraph({
    name: 'wallet',
    resolvers: [
      WalletResolver,
      MemberResolver,
      PaymentResolver,
      PaymentFollowUpResolver,
      PaymentChangesResolver,
      StoreResolver,
      PaymentCodeResolver,
      TopUpResolver,
      TopUpLimitsResolver,
      TopUpByCardResolver,
      TopUpCaseResolver,
      CardResolver,
      TopUpChangesResolver,
    ],
    orphanedTypes: [MemberType, StoreType],
    references: {
      Wallet: walletReference,
      Payment: paymentReference,
      Member: stub,
      Store: stub,
    },
    context: walletContext(connection, { useCases, changes, clock }),
    consumers: [knowStore(unitOfWork)],
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
      sealJournal(connection, { key: deps.sealKey, clock, log }),
      changes.worker,
    ],
    log,
  });
}
