import assert from 'node:assert/strict';
import type { Controls } from '@7pay/controls';
import { HandlerClosed } from '@7pay/events';
import { pointsAccountIdOf } from '@7pay/ids';
import { pointsAccount } from '@7pay/ledger';
import { points } from '@7pay/money';
import { isRefused } from '@7pay/refusals';
import type { BusinessDate, Clock } from '@7pay/time';
import type { PointsUnitOfWork } from '../unit-of-work.ts';
import {
  awardEntry,
  expiryOf,
  type PaidPayment,
  pointsFor,
  pointsLost,
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
      await awards.insert({
        id: paymentId,
        paymentId,
        memberId,
        points: earned,
        expiresOn: earned > 0 ? expiryOf(payment.businessDate) : null,
        state: earned > 0 ? 'AWARDED' : 'NONE',
        amount: payment.amount,
        businessDate: payment.businessDate,
        refunded: 0,
        refunds: 0,
        takenBack: 0,
        at,
      });
    });
  };

/** That a part of a payment, or all that was left of it, was given back. */
export interface GivenBack extends Pick<PaidPayment, 'paymentId' | 'memberId' | 'walletId'> {
  readonly amount: number;
  /** For the how manieth time. */
  readonly n: number;
  /** Whether the payment stands no more. */
  readonly cancelled: boolean;
  readonly businessDate: BusinessDate;
}

/**
 * Takes back the points that a refund or a cancel costs, each once. If a cancel is heard before the payment, the award
 * is written as reversed, so that the payment finds it and grants nothing.
 * @throws Error when an earlier refund was not heard yet, so that the event is delivered again later
 */
export const reverseAward =
  (unitOfWork: PointsUnitOfWork, controls: Controls, clock: Clock) =>
  (back: GivenBack): Promise<void> =>
    unitOfWork(async ({ session, awards, ledger }) => {
      const { paymentId, memberId, walletId, amount, n, cancelled, businessDate } = back;
      const at = clock.now();
      const award = await awards.find(paymentId);
      if (!award) {
        if (!cancelled) throw new Error('a refund was heard before its payment');
        await awards.insert({
          id: paymentId,
          paymentId,
          memberId,
          points: points(0),
          expiresOn: null,
          state: 'REVERSED',
          amount: 0,
          businessDate,
          refunded: 0,
          refunds: n,
          takenBack: 0,
          at,
        });
        return;
      }
      if (award.refunds >= n || award.state === 'REVERSED') return; // heard before
      if (award.refunds + 1 < n) throw new Error('a refund was heard before an earlier one');
      const refunded = award.refunded + amount;
      const lost = pointsLost(award, Math.min(refunded, award.amount));
      const account = await ledger.account(session, pointsAccount(pointsAccountIdOf(memberId)));
      const { expiresOn } = award;
      if (expiresOn !== null && lost > 0) {
        // Points that were spent or expired meanwhile cannot be taken back: no lot goes below zero.
        const left = Math.min(lost, account?.lots[expiresOn] ?? 0);
        if (left > 0) {
          const taken = { walletId, left, n };
          const entry = await ledger.post(
            session,
            reversalEntry({ ...award, expiresOn }, taken, at, controls.generation),
          );
          assert(!isRefused(entry), 'no more is taken than the account holds');
        }
      }
      await awards.change({
        ...award,
        refunded,
        refunds: n,
        takenBack: award.takenBack + lost,
        state: cancelled && award.state === 'AWARDED' ? 'REVERSED' : award.state,
      });
    });
