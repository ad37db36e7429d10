import { loaderFor, operator, owner, rememberOne, shownTo, type Viewer } from '@7pay/graphql';
import { openLedger } from '@7pay/ledger';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { claimStore } from './claim/balance-refund-claim.store.ts';
import { readClaimable } from './claim/claimable.ts';
import type { claimBalanceRefund } from './claim/claim-balance-refund.ts';
import { walletCloseStore } from './close/wallet-close.store.ts';
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
    claimableOf: loaderFor(
      readClaimable(openLedger(connection), walletCloseStore(connection, null), claims),
      ({ walletId }) => walletId,
    ),
    claimOfWallet: loaderFor(claims.newestOf, ({ walletId }) => walletId),
  });
}

/** What is refunded to a member is shown to the member, strongly proven, and to operators. */
export const toMember = shownTo(
  owner('refund', 2),
  operator('support', 'security', 'finance', 'auditor'),
);
