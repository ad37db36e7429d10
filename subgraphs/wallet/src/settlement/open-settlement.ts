import type { ServiceDeps } from '@7pay/graphql';
import { decideReturn } from '../payout/decide-return.ts';
import { knowPayee } from '../payout/know-payee.consumer.ts';
import { approvePayoutFile, preparePayoutFile } from '../payout/prepare-payout-file.ts';
import { closeBatches } from './close-batches.ts';
import { collectItems } from './collect-items.ts';
import { settleMerchants } from './settle-merchants.worker.ts';
import { openSettlementUnitOfWork } from './settlement-work.ts';

/** What settlement and payouts bring to the wallet subgraph: use cases, who listens, who works by the clock. */
export function openSettlement({ connection, controls, clock, log }: ServiceDeps) {
  const unitOfWork = openSettlementUnitOfWork(connection);
  const generation = () => controls.generation;
  return {
    useCases: {
      preparePayoutFile: preparePayoutFile(unitOfWork, controls, clock),
      approvePayoutFile: approvePayoutFile(unitOfWork, controls, clock),
      decideReturnedPayout: decideReturn(unitOfWork, clock),
    },
    consumer: knowPayee(unitOfWork),
    worker: settleMerchants({
      collect: collectItems(unitOfWork),
      close: closeBatches(unitOfWork, generation, clock),
      log,
    }),
  };
}
