/** When a circuit opens, and for how long. */
export interface BreakerRules {
  /** Milliseconds over which calls are counted. */
  readonly windowMs: number;
  /** Fewer calls than this say nothing. */
  readonly calls: number;
  /** The share of them that failed, from which on the circuit opens. */
  readonly ratio: number;
  /** Milliseconds until one call may try again, and until another may when nothing was heard of it. */
  readonly openMs: number;
}

/** What became of a call. `unknown` is one whose client went, or that was never made: it says nothing about the subgraph. */
export type Outcome = 'answered' | 'failed' | 'unknown';

/** A circuit to one subgraph. */
export interface Breaker {
  /** Takes in what becomes of the call, once; nothing when no call may be made. */
  admit(): ((outcome: Outcome) => void) | undefined;
}

/** From its opening until it closes. */
interface Open {
  /** When it opened, or somebody last tried, or a try failed. */
  since: number;
}

/**
 * Closed, it counts. Open, it lets nothing through, so that nobody waits for a subgraph that does not answer and it can come
 * to itself. Then one call may try: its outcome closes the circuit or keeps it open. One that says nothing for as long as that
 * gives way to another: it may be a stream that has nothing to tell. What it says later still counts, as long as the same
 * opening lasts.
 */
export function breaker(
  { windowMs, calls, ratio, openMs }: BreakerRules,
  { elapsedMs, tell }: { elapsedMs: () => number; tell: (state: 'opened' | 'closed') => void },
): Breaker {
  let open: Open | undefined;
  let counted = { since: elapsedMs(), all: 0, failed: 0 };

  const count = (outcome: Outcome) => {
    if (outcome === 'unknown' || open) return; // what was sent before it opened
    const now = elapsedMs();
    if (now - counted.since > windowMs) counted = { since: now, all: 0, failed: 0 };
    counted.all += 1;
    if (outcome === 'failed') counted.failed += 1;
    if (counted.all < calls || counted.failed < ratio * counted.all) return;
    open = { since: now };
    tell('opened');
  };
  const probe = (mine: Open, triedAt: number) => {
    const before = mine.since;
    mine.since = triedAt;
    return (outcome: Outcome) => {
      if (open !== mine) return; // closed by another, and perhaps opened anew
      if (outcome === 'failed') mine.since = elapsedMs();
      // It came to nothing: unless somebody tries already, the next one may at once.
      else if (outcome === 'unknown') mine.since = mine.since === triedAt ? before : mine.since;
      else {
        open = undefined;
        counted = { since: elapsedMs(), all: 0, failed: 0 };
        tell('closed');
      }
    };
  };
  return {
    admit: () => {
      if (!open) return count;
      const now = elapsedMs();
      return now - open.since < openMs ? undefined : probe(open, now);
    },
  };
}
