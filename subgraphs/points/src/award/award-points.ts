import assert from 'node:assert/strict';
import type { Controls } from '@7pay/controls';
import { HandlerClosed } from '@7pay/events';
import { pointsAccount } from '@7pay/ledger';
import { points } from '@7pay/money';
import { isRefused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { PointsUnitOfWork } from '../unit-of-work.ts';
import {
  awardEntry,
  expiryOf,
  type PaidPayment,
  pointsAccountIdOf,
  pointsFor,
  reversalEntry,
} from './award.ts';

/**
 * Grants the points of a payment, once: the award's id is the payment's.
 * @throws HandlerClosed while `points.award` is closed, so that the event is delivered again later
 */
export const awardPoints =
  (unitOfWork: PointsUnitOfWork, controls: Controls, clock: Clock) =>
  async (payment: PaidPayment): Promise<void> => {
    const allowed = controls.guard('points.award');
    if (isRefused(allowed)) throw new HandlerClosed(allowed.refused);
    const earned = pointsFor(payment.amount, payment.businessDate);
    await unitOfWork(async ({ session, awards, ledger }) => {
      if (await awards.find(payment.paymentId)) return;
      const at = clock.now();
      const { paymentId, memberId } = payment;
      if (earned > 0) {
        await ledger.openAccount(session, {
          id: pointsAccount(pointsAccountIdOf(memberId)),
          kind: 'USER_POINTS',
          currency: 'NPT',
          owner: memberId,
          wallet: payment.walletId,
          cap: null,
        });
        const entry = await ledger.post(
          session,
          awardEntry(payment, earned, at, allowed.generation),
        );
        assert(!isRefused(entry), 'an open points account takes points');
      }
      const state = earned > 0 ? ('AWARDED' as const) : ('NONE' as const);
      const expiresOn = earned > 0 ? expiryOf(payment.businessDate) : null;
      const award = { id: paymentId, paymentId, memberId, points: earned, expiresOn, state, at };
      await awards.insert(award);
    });
  };

/**
 * Takes the points of a cancelled payment back, once. If the cancel is heard before the payment, the award is
 * written as reversed, so that the payment finds it and grants nothing.
 */
export const reverseAward =
  (unitOfWork: PointsUnitOfWork, controls: Controls, clock: Clock) =>
  (payment: Pick<PaidPayment, 'paymentId' | 'memberId' | 'walletId'>): Promise<void> =>
    unitOfWork(async ({ session, awards, ledger }) => {
      const { paymentId, memberId, walletId } = payment;
      const at = clock.now();
      const award = await awards.find(paymentId);
      if (!award) {
        await awards.insert({
          id: paymentId,
          paymentId,
          memberId,
          points: points(0),
          expiresOn: null,
          state: 'REVERSED',
          at,
        });
        return;
      }
      const { expiresOn } = award;
      if (award.state !== 'AWARDED' || expiresOn === null) return;
      const account = await ledger.account(session, pointsAccount(pointsAccountIdOf(memberId)));
      // Points that were spent or expired meanwhile cannot be taken back: no lot goes below zero.
      const left = Math.min(award.points, account?.lots[expiresOn] ?? 0);
      if (left > 0) {
        const entry = await ledger.post(
          session,
          reversalEntry({ ...award, expiresOn }, walletId, left, at, controls.generation),
        );
        assert(!isRefused(entry), 'no more is taken than the account holds');
      }
      await awards.reverse(paymentId);
    });
