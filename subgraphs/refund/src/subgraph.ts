import { defineSubgraph, type ServiceDeps, type Subgraph } from '@7pay/graphql';
import {
  BalanceRefundClaimResolver,
  walletReference,
  WalletRefundResolver,
  WalletType,
} from './claim/balance-refund-claim.graphql.ts';
import { claimBalanceRefund } from './claim/claim-balance-refund.ts';
import { refundContext } from './context.ts';
import { openRefundProgramme } from './programme/open-refund-programme.ts';
import {
  programmeReference,
  RefundProgrammeResolver,
} from './programme/refund-programme.graphql.ts';
import { openRefundUnitOfWork } from './unit-of-work.ts';

/** The refund subgraph: refund programmes and claims to balances. */
export function refundSubgraph({ connection, controls, clock, log }: ServiceDeps): Subgraph {
  const unitOfWork = openRefundUnitOfWork(connection);
  return defineSubgraph({
    name: 'refund',
    resolvers: [RefundProgrammeResolver, BalanceRefundClaimResolver, WalletRefundResolver],
    orphanedTypes: [WalletType],
    references: { RefundProgramme: programmeReference, Wallet: walletReference },
    context: refundContext(connection, clock, {
      openRefundProgramme: openRefundProgramme(unitOfWork, clock),
      claimBalanceRefund: claimBalanceRefund(unitOfWork, controls, clock),
    }),
    clock,
    log,
  });
}
