import {
  credit,
  debit,
  type FirstPlan,
  pointsAccount,
  standingOf,
  walletAccount,
} from '@7pay/ledger';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { TopUpLimits } from './top-up-limits.ts';
import { channelOf, type PointsTopUp } from './top-up.ts';

export type PointsRefusal = 'INSUFFICIENT_POINTS' | 'POINTS_OWED';

declareRefusals('points-exchange', {
  INSUFFICIENT_POINTS: {
    ja: 'ポイントが{short}ポイント不足しています。',
    en: 'You are {short} points short.',
  },
  POINTS_OWED: {
    ja: '返金・取消となったお支払いのポイントがすでに使われているため、{owed}ポイントが不足しています。今後たまるポイントで精算されるまで交換できません。',
    en: '{owed} points of payments that were given back had been used already. New points settle them first; none can be exchanged until then.',
  },
});

/** Decides whether so many points may be exchanged: what is owed is settled before anything is exchanged. */
export function checkPoints(
  asked: number,
  { held, owed }: { readonly held: number; readonly owed: number },
): Refused<PointsRefusal> | null {
  const standing = standingOf(held, owed);
  if (standing.owed > 0) return refuse('POINTS_OWED', { owed: standing.owed });
  const short = asked - standing.usable;
  return short > 0 ? refuse('INSUFFICIENT_POINTS', { short }) : null;
}

/**
 * Points out, yen in, in one entry; each currency balances by itself (docs/adr/0026-top-ups.md). The points that end
 * first go first: the account takes its lots in that order.
 */
export const exchangeEntry = (topUp: PointsTopUp, limits: TopUpLimits | undefined): FirstPlan => ({
  id: `${topUp.id}:settle`,
  kind: 'POINTS_EXCHANGE',
  wallet: topUp.walletId,
  at: topUp.requestedAt,
  legs: [
    debit(pointsAccount(topUp.pointsAccountId), topUp.amount, 'NPT'),
    credit('points-exchanged', topUp.amount, { currency: 'NPT' }),
    debit('points-exchange', topUp.amount),
    credit(walletAccount(topUp.walletId), topUp.amount, { origin: 'points' }),
  ],
  passes: {
    account: walletAccount(topUp.walletId),
    channel: channelOf('POINTS'),
    amount: topUp.amount,
    limits: { day: limits?.day ?? 0, days30: limits?.days30 ?? 0 },
  },
  generation: topUp.generation,
  ref: {
    topUpId: topUp.id,
    pointsAccountId: topUp.pointsAccountId,
    walletId: topUp.walletId,
    memberId: topUp.memberId,
  },
});
