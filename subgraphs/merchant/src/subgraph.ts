import { defineSubgraph, type ServiceDeps, type Subgraph } from '@7pay/graphql';
import { ApplicationResolver } from './application/application.graphql.ts';
import { applyAsMerchant } from './application/apply-as-merchant.ts';
import {
  approveApplication,
  recommendApplication,
  rejectApplication,
} from './application/decide-application.ts';
import { merchantContext, type MerchantUseCases } from './context.ts';
import {
  merchantReference,
  MerchantResolver,
  storeReference,
  StoreResolver,
} from './merchant/merchant.graphql.ts';
import { issuePairingCode, pairTerminal } from './terminal/pair-terminal.ts';
import { TerminalResolver } from './terminal/terminal.graphql.ts';
import { openMerchantUnitOfWork } from './unit-of-work.ts';

/** The merchant subgraph: applications, merchants, stores, terminals. */
export function merchantSubgraph({
  connection,
  controls,
  outbox,
  clock,
  ids,
  log,
}: ServiceDeps): Subgraph {
  const unitOfWork = openMerchantUnitOfWork(connection, outbox);
  const useCases: MerchantUseCases = {
    applyAsMerchant: applyAsMerchant(unitOfWork, controls, clock),
    recommendApplication: recommendApplication(unitOfWork),
    approveApplication: approveApplication(unitOfWork, clock, ids),
    rejectApplication: rejectApplication(unitOfWork, clock),
    issuePairingCode: issuePairingCode(unitOfWork, clock, ids),
    pairTerminal: pairTerminal(unitOfWork, clock),
  };
  return defineSubgraph({
    name: 'merchant',
    resolvers: [StoreResolver, MerchantResolver, ApplicationResolver, TerminalResolver],
    references: { Store: storeReference, Merchant: merchantReference },
    context: merchantContext(connection, clock, useCases),
    consumers: [], // the merchant subgraph listens to nobody yet
    clock,
    log,
  });
}
