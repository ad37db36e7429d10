import type { WindowCounts } from '../one-time-code/window-count.store.ts';
import { WAITING_MAX } from './approval.ts';
import type { ApprovalStore } from './approval.store.ts';

/** What is asked for one member in as many milliseconds counts as asked at once: nobody of them sees the others wait yet. */
const AT_ONCE_MS = 10_000;

/** Whether one more request may wait for an account, also of many that are asked at once. */
export const admitApproval =
  (deps: {
    approvals: Pick<ApprovalStore, 'waiting'>;
    counts: Pick<WindowCounts, 'idOf' | 'take'>;
  }) =>
  async (accountId: string, now: Date): Promise<boolean> => {
    const { approvals, counts } = deps;
    if ((await approvals.waiting(accountId)).length >= WAITING_MAX) return false;
    const id = counts.idOf(`ciba|wait|${accountId}`, now, AT_ONCE_MS);
    return counts.take(id, now, { sent: { $lt: WAITING_MAX } });
  };
