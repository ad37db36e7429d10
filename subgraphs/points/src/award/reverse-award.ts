import assert from 'node:assert/strict';
import type { Controls } from '@7pay/controls';
import { pointsAccountIdOf } from '@7pay/ids';
import { pointsAccount, pointsOwed, sumOf } from '@7pay/ledger';
import { points } from '@7pay/money';
import { isRefused } from '@7pay/refusals';
import { type BusinessDate, businessDate, type Clock } from '@7pay/time';
import type { PointsUnitOfWork, PointsWork } from '../unit-of-work.ts';
import { type Award, type PaidPayment, pointsLost, recover, reversalEntry } from './award.ts';

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
 * Takes back the points that a refund or a cancel costs, each once; those that were used meanwhile are owed. If a cancel
 * is heard before the payment, the award is written as reversed, so that the payment finds it and grants nothing.
 * @throws Error when an earlier refund was not heard yet, so that the event is delivered again later
 */
export const reverseAward =
  (unitOfWork: PointsUnitOfWork, controls: Controls, clock: Clock) =>
  (back: GivenBack): Promise<void> =>
    unitOfWork(async ({ session, awards, ledger }) => {
      const { paymentId, memberId, walletId, amount, n, cancelled } = back;
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
          businessDate: back.businessDate,
          refunded: 0,
          refunds: n,
          takenBack: 0,
          owed: 0,
          settled: 0,
          at,
        });
        return;
      }
      if (award.refunds >= n || award.state === 'REVERSED') return; // heard before
      if (award.refunds + 1 < n) throw new Error('a refund was heard before an earlier one');
      const refunded = award.refunded + amount;
      const lost = pointsLost(award, refunded);
      const stamp = { at, generation: controls.generation };
      const recovered = await takeBack({ session, ledger }, { award, lost, walletId, n }, stamp);
      await awards.change({
        ...award,
        refunded,
        refunds: n,
        takenBack: award.takenBack + recovered.taken,
        owed: award.owed + recovered.owed,
        state: cancelled && award.state === 'AWARDED' ? 'REVERSED' : award.state,
      });
    });

/** Books what lost points were really taken, and how many the member owes instead. */
async function takeBack(
  { session, ledger }: Pick<PointsWork, 'session' | 'ledger'>,
  {
    award,
    lost,
    walletId,
    n,
  }: {
    readonly award: Award;
    readonly lost: number;
    readonly walletId: string;
    readonly n: number;
  },
  { at, generation }: { readonly at: Date; readonly generation: number },
): Promise<{ readonly taken: number; readonly owed: number }> {
  const { expiresOn: lot, memberId } = award;
  if (lot === null || lost === 0) return { taken: 0, owed: 0 };
  const accountId = pointsAccountIdOf(memberId);
  const account = await ledger.account(session, pointsAccount(accountId));
  const recovered = recover(account?.lots ?? {}, { lost, lot }, businessDate(at));
  const { owed } = recovered;
  const taken = sumOf(recovered.taken);
  if (taken + owed === 0) return { taken, owed }; // its lot is over and empty
  if (owed > 0) {
    await ledger.openAccount(session, {
      id: pointsOwed(accountId),
      kind: 'POINTS_OWED',
      currency: 'NPT',
      owner: memberId,
      wallet: walletId,
      cap: null,
    });
  }
  const plan = reversalEntry(award, { ...recovered, walletId, n }, at, generation);
  const entry = await ledger.post(session, plan);
  assert(!isRefused(entry), 'no more is taken than the account holds');
  return { taken, owed };
}
