import { isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { SettlementUnitOfWork } from '../settlement/settlement-work.ts';
import { decideReturn as decide, type Payout, type ReturnDecision } from './payout.ts';

/** A person's decision about a payout that came back: paid again by a payout of its own, or kept. Once. */
export const decideReturn =
  (unitOfWork: SettlementUnitOfWork, clock: Clock) =>
  (asked: {
    readonly id: string;
    readonly decision: ReturnDecision;
    readonly note: string;
    readonly by: string;
  }): Promise<Payout | Refused<'PAYOUT_NOT_RETURNED'>> =>
    unitOfWork(async ({ payouts }) => {
      const payout = await payouts.find(asked.id);
      if (!payout) return refuse('PAYOUT_NOT_RETURNED');
      const { decision: what, by, note } = asked;
      const made = decide(payout, { what, by, note }, clock.now());
      if (isRefused(made)) return made;
      await payouts.change(payout, made.decided);
      if (made.again) await payouts.insert(made.again);
      return made.decided;
    });
