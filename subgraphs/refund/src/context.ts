import { isOperator, loaderFor, type Viewer } from '@7pay/graphql';
import { openLedger, walletAccount } from '@7pay/ledger';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { claimStore } from './claim/balance-refund-claim.store.ts';
import type { claimBalanceRefund } from './claim/claim-balance-refund.ts';
import type { openRefundProgramme } from './programme/open-refund-programme.ts';
import { programmeStore } from './programme/refund-programme.store.ts';

/** The use cases of the refund subgraph. */
export interface RefundUseCases {
  readonly openRefundProgramme: ReturnType<typeof openRefundProgramme>;
  readonly claimBalanceRefund: ReturnType<typeof claimBalanceRefund>;
}

/** What resolvers work with, made anew for each request. */
export type RefundContext = ReturnType<ReturnType<typeof refundContext>>;

export function refundContext(connection: Connection, clock: Clock, useCases: RefundUseCases) {
  const claims = claimStore(connection, null);
  const programmes = programmeStore(connection, null);
  const ledger = openLedger(connection);
  return (viewer: Viewer) => ({
    viewer,
    clock,
    useCases,
    programmes,
    programmeById: loaderFor(programmes.findMany, ({ id }) => id),
    claimOfWallet: loaderFor(claims.newestOf, ({ walletId }) => walletId),
    accountOfWallet: loaderFor(
      (ids) => ledger.accounts(ids.map((id) => walletAccount(id))),
      ({ wallet }) => wallet,
    ),
  });
}

/** Whether the viewer may see the claim on a wallet of this member: the member with the scope, or an operator. */
export const maySeeClaim = (viewer: Viewer, memberId: string): boolean =>
  (viewer.kind === 'member' && viewer.memberId === memberId && viewer.scopes.includes('refund')) ||
  isOperator(viewer);
