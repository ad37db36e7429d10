import type { SubgraphRequest, SubscriptionItem, Viewer } from '@7pay/graphql';
import type { ExecutionResult } from 'graphql';
import type { Deadline } from './deadline.ts';

/** One call of a subgraph. */
export interface SubgraphCall {
  readonly subgraph: string;
  readonly request: SubgraphRequest;
  /** A mutation that was sent is never taken back: nobody could say whether it was done. */
  readonly kind: 'query' | 'mutation';
  /** The request as JSON text, where the caller has most of it ready. */
  readonly body?: () => string;
  readonly viewer: Viewer;
  readonly deadline: Deadline;
}

/** One subscription at a subgraph. */
export interface SubscriptionCall {
  readonly subgraph: string;
  readonly request: SubgraphRequest;
  readonly viewer: Viewer;
  /** Where an earlier one has come to. */
  readonly after: string | undefined;
  /** Ends it, at the subgraph too. */
  readonly signal: AbortSignal;
  /** Told when the subgraph has taken it, where that can be seen: its first item may be long in coming. */
  readonly onTaken?: () => void;
}

/** What callers are told when nothing came from a subgraph, or from 7iD. */
export const NO_ANSWER = 'ただいま応答できません。 No answer came in time.';

/** How the gateway reaches the subgraphs. */
export interface Reach {
  /** @throws SubgraphUnavailable when no answer came in time; the subgraph may have done what it was asked. */
  call(call: SubgraphCall): Promise<ExecutionResult>;
  /**
   * What a subgraph tells, until it or the caller ends it. A reach without it has no subscriptions.
   * @throws SubgraphUnavailable when the line breaks: whoever asks again with the last cursor misses nothing
   */
  subscribe?(call: SubscriptionCall): AsyncIterable<SubscriptionItem>;
  close(): Promise<void>;
}

/** A subgraph gave no answer that can be used. The reason is for the log, not for the caller. */
export class SubgraphUnavailable extends Error {
  override readonly name = 'SubgraphUnavailable';
  /** Whether the line ended before one byte of an answer came: whoever asks again is not answered twice. */
  readonly nothingReceived: boolean;
  /** Whether it was too late to ask: that says nothing about the subgraph. */
  readonly notAsked: boolean;
  constructor(
    message: string,
    options: { cause?: unknown; nothingReceived?: boolean; notAsked?: boolean } = {},
  ) {
    const { nothingReceived = false, notAsked = false, ...cause } = options;
    super(message, cause);
    this.nothingReceived = nothingReceived;
    this.notAsked = notAsked;
  }
}

/** The line to a subgraph ended before anything came. */
export class NothingReceived extends Error {
  override readonly name = 'NothingReceived';
}

/** Of a call that it was too late to make. */
export const tooLateToAsk = (subgraph: string, ending: string): SubgraphUnavailable =>
  new SubgraphUnavailable(`${subgraph} was not asked: ${ending}`, { notAsked: true });
