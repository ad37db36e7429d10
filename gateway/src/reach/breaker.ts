/** When a circuit opens, and for how long. */
export interface BreakerRules {
  /** Milliseconds over which calls are counted. */
  readonly windowMs: number;
  /** Fewer calls than this say nothing. */
  readonly calls: number;
  /** The share of them that failed, from which on the circuit opens. */
  readonly ratio: number;
  /** Milliseconds until one call may try again. */
  readonly openMs: number;
}

/** What became of a call. `unknown` is one whose client went: it says nothing about the subgraph. */
export type Outcome = 'answered' | 'failed' | 'unknown';

/** A circuit to one subgraph. */
export interface Breaker {
  /** Takes in what becomes of the call, once; nothing when no call may be made. */
  admit(): ((outcome: Outcome) => void) | undefined;
}

/**
 * Closed, it counts. Open, it lets nothing through, so that nobody waits for a subgraph that does not answer and it can come
 * to itself. Then one call may try: its outcome closes the circuit or opens it anew.
 */
export function breaker(
  { windowMs, calls, ratio, openMs }: BreakerRules,
  { elapsedMs, tell }: { elapsedMs: () => number; tell: (state: 'opened' | 'closed') => void },
): Breaker {
  let openedAt: number | undefined;
  let isProbing = false;
  let counted = { since: elapsedMs(), all: 0, failed: 0 };

  const count = (outcome: Outcome) => {
    if (outcome === 'unknown' || openedAt !== undefined) return; // what was sent before it opened
    const now = elapsedMs();
    if (now - counted.since > windowMs) counted = { since: now, all: 0, failed: 0 };
    counted.all += 1;
    if (outcome === 'failed') counted.failed += 1;
    if (counted.all < calls || counted.failed < ratio * counted.all) return;
    openedAt = now;
    tell('opened');
  };
  const judgeProbe = (outcome: Outcome) => {
    isProbing = false;
    if (outcome === 'failed') openedAt = elapsedMs();
    if (outcome !== 'answered') return;
    openedAt = undefined;
    counted = { since: elapsedMs(), all: 0, failed: 0 };
    tell('closed');
  };
  return {
    admit: () => {
      if (openedAt === undefined) return count;
      if (isProbing || elapsedMs() - openedAt < openMs) return undefined;
      isProbing = true;
      return judgeProbe;
    },
  };
}
