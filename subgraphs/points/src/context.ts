import { isOperator, isStrongOwner, loaderFor, type Viewer } from '@7pay/graphql';
import { openLedger, pointsAccount } from '@7pay/ledger';
import type { Connection } from 'mongoose';
import { awardStore } from './award/award.store.ts';
import { pointsAccountIdOf } from './award/award.ts';

/** What resolvers work with, made anew for each request. */
export type PointsContext = ReturnType<ReturnType<typeof pointsContext>>;

export function pointsContext(connection: Connection) {
  const awards = awardStore(connection, null);
  const ledger = openLedger(connection);
  return (viewer: Viewer) => ({
    viewer,
    awards,
    awardOf: loaderFor(awards.findMany, ({ paymentId }) => paymentId),
    accountOfMember: loaderFor(
      (memberIds) => ledger.accounts(memberIds.map((id) => pointsAccount(pointsAccountIdOf(id)))),
      ({ owner }) => owner,
    ),
  });
}

/** Whether the viewer may see the points of this member: the member with the scope, or an operator. */
export const maySeePoints = (viewer: Viewer, memberId: string): boolean =>
  isStrongOwner(viewer, memberId, 'points') || isOperator(viewer);
