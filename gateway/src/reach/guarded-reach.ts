import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@7pay/telemetry';
import type { ExecutionResult } from 'graphql';
import { type Breaker, breaker, type BreakerRules } from './breaker.ts';
import { type Bulkhead, bulkhead, type BulkheadRules } from './bulkhead.ts';
import { guardedSubscription } from './guarded-subscription.ts';
import { type Reach, type SubgraphCall, SubgraphUnavailable } from './reach.ts';

/** What the way to each subgraph bears. */
export interface ReachRules {
  readonly breaker: BreakerRules;
  readonly bulkhead: BulkheadRules;
  /** How many subscriptions may be open at each subgraph. */
  readonly streams: number;
  /** How many calls may be made again, as a share of all; and how many of them can be saved up. */
  readonly retries: { readonly share: number; readonly saved: number };
}

/** Source: docs/adr/0018-gateway-protection.md */
export const REACH_RULES: ReachRules = {
  breaker: { windowMs: 10_000, calls: 20, ratio: 0.5, openMs: 1_000 },
  bulkhead: { inFlight: 100, queue: 400 },
  streams: 5_000,
  retries: { share: 0.1, saved: 10 },
};

/** A service that ends closes all its lines: asked again at once, another of them would be taken that is not known to be closed yet. */
const RETRY_AFTER_MS = 5;

interface Way {
  readonly breaker: Breaker;
  readonly bulkhead: Bulkhead;
  retriesLeft: number;
  streams: number;
}

/**
 * A reach that gives up early: above so many calls at once, and when most calls of a subgraph fail, others are told at once
 * that it is unavailable. A query of which nothing was received is asked once more, for one call in ten at most; a
 * mutation never is.
 */
export function guardedReach(
  reach: Reach,
  {
    rules = REACH_RULES,
    elapsedMs,
    log,
  }: { rules?: ReachRules; elapsedMs: () => number; log: Log },
): Reach {
  const ways = new Map<string, Way>();
  const wayTo = (subgraph: string): Way => {
    const known = ways.get(subgraph);
    if (known) return known;
    const tell = (state: 'opened' | 'closed') => log.warn(`circuit.${state}`, { subgraph });
    const way = {
      breaker: breaker(rules.breaker, { elapsedMs, tell }),
      bulkhead: bulkhead(rules.bulkhead),
      retriesLeft: 0,
      streams: 0,
    };
    ways.set(subgraph, way);
    return way;
  };
  return {
    call: async (call) => {
      const way = wayTo(call.subgraph);
      way.retriesLeft = Math.min(rules.retries.saved, way.retriesLeft + rules.retries.share);
      try {
        return await tryOnce(reach, way, call);
      } catch (error) {
        if (way.retriesLeft < 1 || !mayRetry(call, error)) throw error;
        way.retriesLeft -= 1;
        await wait(RETRY_AFTER_MS);
        if (call.deadline.ending !== undefined) throw error;
        return tryOnce(reach, way, call);
      }
    },
    subscribe: (call) => {
      const way = wayTo(call.subgraph);
      return guardedSubscription(reach, call, { way, most: rules.streams });
    },
    close: () => reach.close(),
  };
}

const mayRetry = ({ kind, deadline }: SubgraphCall, error: unknown): boolean =>
  kind === 'query' &&
  error instanceof SubgraphUnavailable &&
  error.nothingReceived &&
  deadline.ending === undefined;

async function tryOnce(reach: Reach, way: Way, call: SubgraphCall): Promise<ExecutionResult> {
  const settle = way.breaker.admit();
  if (!settle) throw new SubgraphUnavailable(`${call.subgraph} is not asked: its circuit is open`);
  let leave: () => void;
  try {
    leave = way.bulkhead.enterNow() ?? (await way.bulkhead.enter(call.deadline));
  } catch (cause) {
    settle('unknown');
    throw new SubgraphUnavailable(`${call.subgraph} was not asked`, { cause });
  }
  try {
    const answer = await reach.call(call);
    settle('answered');
    return answer;
  } catch (error) {
    settle(saysSomething(error) && call.deadline.ending !== 'gone' ? 'failed' : 'unknown');
    throw error;
  } finally {
    leave();
  }
}

// What is a fault of ours, or was too late to be sent, is none of the subgraph.
const saysSomething = (error: unknown): boolean =>
  error instanceof SubgraphUnavailable && !error.notAsked;
