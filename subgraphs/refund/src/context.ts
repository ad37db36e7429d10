import { isOperator, isStrongOwner, loaderFor, rememberOne, type Viewer } from '@7pay/graphql';
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

const REMEMBERED_MS = 1_000;

/** What resolvers work with, made anew for each request. */
export type RefundContext = ReturnType<ReturnType<typeof refundContext>>;

export function refundContext(connection: Connection, clock: Clock, useCases: RefundUseCases) {
  const claims = claimStore(connection, null);
  const programmes = programmeStore(connection, null);
  // Shown with every wallet, and changed a few times in years. Claims read it anew, in their transaction.
  const running = rememberOne(REMEMBERED_MS, clock, () => programmes.running(clock.now()));
  return (viewer: Viewer) => ({
    viewer,
    clock,
    useCases,
    programmes,
    running,
    programmeById: loaderFor(programmes.findMany, ({ id }) => id),
    claimOfWallet: loaderFor(claims.newestOf, ({ walletId }) => walletId),
  });
}

/** Whether the viewer may see the claim on a wallet of this member: the member with the scope, or an operator. */
export const maySeeClaim = (viewer: Viewer, memberId: string): boolean =>
  isStrongOwner(viewer, memberId, 'refund') || isOperator(viewer);
