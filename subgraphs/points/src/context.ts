import { loaderFor, operator, owner, shownTo, type Viewer } from '@7pay/graphql';
import { pointsAccountIdOf } from '@7pay/ids';
import { openLedger, pointsAccount, pointsOwed } from '@7pay/ledger';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { awardStore } from './award/award.store.ts';

/** What resolvers work with, made anew for each request. */
export type PointsContext = ReturnType<ReturnType<typeof pointsContext>>;

export function pointsContext(connection: Connection, clock: Clock) {
  const awards = awardStore(connection, null);
  const ledger = openLedger(connection);
  const accountsOf = (name: (pointsAccountId: string) => string) =>
    loaderFor(
      (memberIds: readonly string[]) =>
        ledger.accounts(memberIds.map((id) => name(pointsAccountIdOf(id)))),
      ({ owner: memberId }) => memberId,
    );
  return (viewer: Viewer) => ({
    clock,
    viewer,
    awards,
    awardOf: loaderFor(awards.findMany, ({ paymentId }) => paymentId),
    accountOfMember: accountsOf(pointsAccount),
    debtOfMember: accountsOf(pointsOwed),
  });
}

/** The duties that see wallets and payments of members, and what these earned. */
const readsMoney = operator('support', 'security', 'finance', 'auditor');

/** The points of a member are shown to the member, strongly proven, and to operators. */
export const toMember = shownTo(owner('points', 2), readsMoney);

/** What a payment earned is shown with the payment: to its member and to operators. */
export const toPayer = shownTo(owner('wallet', 2), readsMoney);
