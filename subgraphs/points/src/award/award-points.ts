import assert from 'node:assert/strict';
import type { Controls } from '@7pay/controls';
import { HandlerClosed } from '@7pay/events';
import { pointsAccountIdOf } from '@7pay/ids';
import { pointsAccount, pointsOwed, sumOf } from '@7pay/ledger';
import { isRefused } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import type { PointsUnitOfWork } from '../unit-of-work.ts';
import { awardEntry, expiryOf, type PaidPayment, pointsFor, settledBy } from './award.ts';

/**
 * Grants the points of a payment, once: the award's id is the payment's. What the member owes is settled out of them first.
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
      const lot = earned > 0 ? expiryOf(payment.businessDate) : null;
      let settled = 0;
      if (lot !== null) {
        const accountId = pointsAccountIdOf(memberId);
        await ledger.openAccount(session, {
          id: pointsAccount(accountId),
          kind: 'USER_POINTS',
          currency: 'NPT',
          owner: memberId,
          wallet: payment.walletId,
          cap: null,
        });
        const before = await ledger.account(session, pointsAccount(accountId));
        const debt = await ledger.account(session, pointsOwed(accountId));
        const granted = { earned, lot, owed: debt?.posted ?? 0 };
        const taken = settledBy(before?.lots ?? {}, granted, businessDate(at));
        const plan = awardEntry(payment, { earned, settled: taken }, at, allowed.generation);
        const entry = await ledger.post(session, plan);
        assert(!isRefused(entry), 'an open points account takes points');
        settled = sumOf(taken);
      }
      await awards.insert({
        id: paymentId,
        paymentId,
        memberId,
        points: earned,
        expiresOn: lot,
        state: earned > 0 ? 'AWARDED' : 'NONE',
        amount: payment.amount,
        businessDate: payment.businessDate,
        refunded: 0,
        refunds: 0,
        takenBack: 0,
        owed: 0,
        settled,
        at,
      });
    });
  };
