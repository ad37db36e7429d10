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
  /**
   * A try that was admitted and not looked at, as there was no room. It counts as wrong where nobody was right of late: else a
   * flood that fills the room would never use its budget up. A network of people who log in is not charged for a rush.
   */
  noteUnread(network: string | null, at: Date): void;
  readonly wrong: KnownWrong;
  readonly pace: Pace;
}

/** While most tries of all members are wrong, a network has this share of its budget. */
const ALARMED_SHARE = 0.1;
/** How long a network is known for a right password, and how many networks are. */
const RIGHT_MS = 10 * 60_000;
const RIGHT_NETWORKS_MAX = 50_000;
const NOWHERE = '-'; // requests whose network nobody knows share one budget

export function openAdmission(deps: {
  log: Log;
  budget?: SourceBudget;
  watch?: SuccessWatch;
  wrong?: KnownWrong;
  pace?: Pace;
}): Admission {
  const { log, budget = sourceBudget(), watch = successWatch() } = deps;
  const wasRight = new Map<string, number>(); // the network that was right longest ago is the first
  const note = (network: string | null, right: boolean, atMs: number) => {
    if (!right) budget.spend(network ?? NOWHERE, atMs);
    if (watch.note(right, atMs)) log.error('login.alarm', { share: ALARMED_SHARE });
  };
  return {
    admits: (network, at) => {
      const atMs = at.getTime();
      return budget.admits(network ?? NOWHERE, atMs, watch.alarmed(atMs) ? ALARMED_SHARE : 1);
    },
    note: (network, right, at) => {
      const atMs = at.getTime();
      note(network, right, atMs);
      if (!right || network === null) return;
      wasRight.delete(network);
      wasRight.set(network, atMs);
      const [oldest] = wasRight.keys();
      if (wasRight.size > RIGHT_NETWORKS_MAX && oldest !== undefined) wasRight.delete(oldest);
    },
    noteUnread: (network, at) => {
      const atMs = at.getTime();
      const rightAt = network === null ? undefined : wasRight.get(network);
      if (rightAt === undefined || rightAt + RIGHT_MS <= atMs) note(network, false, atMs);
    },
    wrong: deps.wrong ?? knownWrong(),
    pace: deps.pace ?? openPace(),
  };
}
