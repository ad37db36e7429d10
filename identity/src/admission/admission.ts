import type { Log } from '@7pay/telemetry';
import type { Place } from '../password/fair-queue.ts';
import { RANKS } from '../password/rank.ts';
import { isKnownBrowser } from './known-browser.ts';
import { knownWrong, type KnownWrong } from './known-wrong.ts';
import { openPace, type Pace } from './pace.ts';
import { type SourceBudget, sourceBudget } from './source-budget.ts';
import { successWatch, type SuccessWatch } from './success-watch.ts';

/**
 * What stands before the work that a password costs. In memory: it protects this process, each account has a limit of its own.
 * A source is a class of networks, or a browser that the member logged in by before; null where nobody knows it.
 */
export interface Admission {
  /** Whether another try from this source may be looked at. */
  admits(source: string | null, at: Date): boolean;
  /** Where a try from this source waits for its hash. */
  placeOf(source: string | null, at: Date): Place;
  /** The outcome of a try that was looked at. */
  note(source: string | null, right: boolean, at: Date): void;
  /**
   * A try that was admitted and not looked at, as there was no room. It counts as wrong where nobody was right of late: else a
   * flood that fills the room would never use its budget up. A network of people who log in is not charged for a rush.
   */
  noteUnread(source: string | null, at: Date): void;
  readonly wrong: KnownWrong;
  readonly pace: Pace;
}

/** While most tries of all members are wrong, a network has this share of its budget, and of what comes back of it. */
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
  const isTrusted = (source: string, atMs: number): boolean =>
    isKnownBrowser(source) || (wasRight.get(source) ?? -RIGHT_MS) + RIGHT_MS > atMs;
  const note = (source: string, right: boolean, atMs: number) => {
    const slowly = watch.alarmed(atMs) && !isTrusted(source, atMs);
    if (!right) budget.spend(source, atMs, slowly ? ALARMED_SHARE : 1);
    if (watch.note(right, atMs)) log.error('login.alarm', { share: ALARMED_SHARE });
  };
  return {
    admits: (given, at) => {
      const [source, atMs] = [given ?? NOWHERE, at.getTime()];
      const whole = isKnownBrowser(source) || !watch.alarmed(atMs);
      return budget.admits(source, atMs, whole ? 1 : ALARMED_SHARE);
    },
    placeOf: (given, at) => {
      const [lane, atMs] = [given ?? NOWHERE, at.getTime()];
      if (isKnownBrowser(lane)) return { rank: RANKS.KNOWN_BROWSER, lane };
      if (isTrusted(lane, atMs)) return { rank: RANKS.RIGHT_OF_LATE, lane };
      const isQuiet = budget.isFull(lane, atMs);
      return { rank: isQuiet ? RANKS.NOTHING_KNOWN : RANKS.WRONG_OF_LATE, lane };
    },
    note: (source, right, at) => {
      const atMs = at.getTime();
      note(source ?? NOWHERE, right, atMs);
      if (!right || source === null || isKnownBrowser(source)) return;
      wasRight.delete(source);
      wasRight.set(source, atMs);
      const [oldest] = wasRight.keys();
      if (wasRight.size > RIGHT_NETWORKS_MAX && oldest !== undefined) wasRight.delete(oldest);
    },
    noteUnread: (given, at) => {
      const [source, atMs] = [given ?? NOWHERE, at.getTime()];
      if (!isTrusted(source, atMs)) note(source, false, atMs);
    },
    wrong: deps.wrong ?? knownWrong(),
    pace: deps.pace ?? openPace(),
  };
}
