import { defineSubgraph, type ServiceDeps, stub, type Subgraph } from '@7pay/graphql';
import type { PartySettings } from '@7pay/world';
import { walletChanges } from './changes.ts';
import { type WalletUseCases, walletContext } from './context.ts';
import { issuePaymentCode } from './payment-code/issue-payment-code.ts';
import { PaymentCodeResolver } from './payment-code/payment-code.graphql.ts';
import { acceptPayment } from './payment/accept-payment.ts';
import { cancelPayment } from './payment/cancel-payment.ts';
import { PaymentChangesResolver } from './payment/payment-changes.graphql.ts';
import { paymentReference, PaymentResolver, StoreResolver } from './payment/payment.graphql.ts';
import { StoreType } from './payment/payment-type.graphql.ts';
import { knowStore } from './store/know-store.consumer.ts';
import { httpRegisterNetwork } from './top-up/http-register-network.ts';
import { settleTopUp } from './top-up/settle-top-up.ts';
import { settleTopUps } from './top-up/settle-top-ups.worker.ts';
import { topUpAtRegister } from './top-up/top-up-at-register.ts';
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
}

/** The wallet subgraph: wallets, payment codes, payments, top-ups. */
export function walletSubgraph(deps: WalletDeps): Subgraph {
  const { connection, controls, clock, ids, log } = deps;
  const unitOfWork = openWalletUnitOfWork(connection, clock);
  const changes = walletChanges(deps);
  const network = httpRegisterNetwork(deps.registerNetwork, { clock, log });
  const settle = settleTopUp(unitOfWork, network, clock);
  const useCases: WalletUseCases = {
    openWallet: openWallet(unitOfWork, controls, clock),
    issuePaymentCode: issuePaymentCode(unitOfWork, controls, clock, ids),
    acceptPayment: acceptPayment(unitOfWork, controls, clock),
    cancelPayment: cancelPayment(unitOfWork, controls, clock),
    topUpAtRegister: topUpAtRegister(unitOfWork, controls, clock, settle),
  };
  return defineSubgraph({
    name: 'wallet',
    resolvers: [
      WalletResolver,
      MemberResolver,
      PaymentResolver,
      PaymentChangesResolver,
      StoreResolver,
      PaymentCodeResolver,
      TopUpResolver,
      TopUpChangesResolver,
    ],
    orphanedTypes: [MemberType, StoreType],
    references: {
      Wallet: walletReference,
      Payment: paymentReference,
      Member: stub,
      Store: stub,
    },
    context: walletContext(connection, { useCases, changes }),
    consumers: [knowStore(unitOfWork)],
    workers: [
      settleTopUps({ pending: topUpStore(connection, null).pending, settle, clock, log }),
      changes.worker,
    ],
    log,
  });
}
