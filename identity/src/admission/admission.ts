import type { Log } from '@7pay/telemetry';
import { knownWrong, type KnownWrong } from './known-wrong.ts';
import { openPace, type Pace } from './pace.ts';
import { type SourceBudget, sourceBudget } from './source-budget.ts';
import { successWatch, type SuccessWatch } from './success-watch.ts';

/** What stands before the work that a password costs. In memory: it protects this process, each account has a limit of its own. */
export interface Admission {
  /** Whether another try from this class of networks may be looked at. */
  admits(network: string | null, at: Date): boolean;
  /** The outcome of a try that was looked at. */
  note(network: string | null, right: boolean, at: Date): void;
  readonly wrong: KnownWrong;
  readonly pace: Pace;
}

/** While most tries of all members are wrong, a network has this share of its budget. */
const ALARMED_SHARE = 0.1;
const NOWHERE = '-'; // requests whose network nobody knows share one budget

export function openAdmission(deps: {
  log: Log;
  budget?: SourceBudget;
  watch?: SuccessWatch;
  wrong?: KnownWrong;
  pace?: Pace;
}): Admission {
  const { log, budget = sourceBudget(), watch = successWatch() } = deps;
  return {
    admits: (network, at) => {
      const atMs = at.getTime();
      return budget.admits(network ?? NOWHERE, atMs, watch.alarmed(atMs) ? ALARMED_SHARE : 1);
    },
    note: (network, right, at) => {
      const atMs = at.getTime();
      if (!right) budget.spend(network ?? NOWHERE, atMs);
      if (watch.note(right, atMs)) log.error('login.alarm', { share: ALARMED_SHARE });
    },
    wrong: deps.wrong ?? knownWrong(),
    pace: deps.pace ?? openPace(),
  };
}
