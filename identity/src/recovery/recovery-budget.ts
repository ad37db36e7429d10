import { askingBudget } from '../one-time-code/asking-budget.ts';
import type { WindowCounts } from '../one-time-code/window-count.store.ts';
import { RECOVERY_LIMITS } from './recovery.ts';

/** How often a forgotten password may be begun. */
export interface RecoveryBudget {
  /**
   * Takes one off. BUSY: the network, or everybody, has used it up. QUIET: this account has, which the answer does not
   * tell. A database that cannot count throws: what is not counted is not begun.
   */
  spend(
    asked: { typed: string; network: string | null },
    now: Date,
  ): Promise<'ADMITTED' | 'QUIET' | 'BUSY'>;
}

const HOUR = 60 * 60_000;

export function recoveryBudget(counts: WindowCounts): RecoveryBudget {
  const { perAccountHour, perAccountDay } = RECOVERY_LIMITS;
  const admits = askingBudget(counts, 'recovery', RECOVERY_LIMITS);
  return {
    spend: async ({ typed, network }, now) => {
      if (!(await admits(network, now))) return 'BUSY';
      const take = (name: string, lengthMs: number, limit: number) =>
        counts.take(counts.idOf(`recovery|${name}`, now, lengthMs), now, { sent: { $lt: limit } });
      const quiet =
        !(await take(`hour|${typed}`, HOUR, perAccountHour)) ||
        !(await take(`day|${typed}`, 24 * HOUR, perAccountDay));
      return quiet ? 'QUIET' : 'ADMITTED';
    },
  };
}
