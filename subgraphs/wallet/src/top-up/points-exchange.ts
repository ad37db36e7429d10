import { credit, debit, type FirstPlan, pointsAccount, walletAccount } from '@7pay/ledger';
import { declareRefusals } from '@7pay/refusals';
import type { TopUpLimits } from './top-up-limits.ts';
import { channelOf, type PointsTopUp } from './top-up.ts';

export type PointsRefusal = 'INSUFFICIENT_POINTS';

declareRefusals('points-exchange', {
  INSUFFICIENT_POINTS: {
    ja: 'ポイントが{short}ポイント不足しています。',
    en: 'You are {short} points short.',
  },
});

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
