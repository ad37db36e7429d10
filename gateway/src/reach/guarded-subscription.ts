import type { SubscriptionItem } from '@7pay/graphql';
import type { Breaker, Outcome } from './breaker.ts';
import { type Reach, type SubscriptionCall, SubgraphUnavailable } from './reach.ts';

/**
 * A subscription through the circuit to its subgraph, of so many at once. The circuit hears whether it was taken, at its first
 * item at the latest; when it ends later, that says nothing. Time limits do not apply: a stream that lives tells so.
 */
export async function* guardedSubscription(
  reach: Reach,
  call: SubscriptionCall,
  { way, most }: { way: { readonly breaker: Breaker; streams: number }; most: number },
): AsyncGenerator<SubscriptionItem, void> {
  const { subgraph, signal } = call;
  if (way.streams >= most) throw new SubgraphUnavailable(`too many subscriptions at ${subgraph}`);
  const admitted = way.breaker.admit();
  if (!admitted) throw new SubgraphUnavailable(`${subgraph} is not asked: its circuit is open`);
  let settle: ((outcome: Outcome) => void) | undefined = admitted;
  const judge = (outcome: Outcome) => {
    settle?.(outcome);
    settle = undefined;
  };
  way.streams += 1;
  try {
    if (!reach.subscribe) throw new SubgraphUnavailable('this way has no subscriptions');
    const onTaken = () => {
      judge('answered');
      call.onTaken?.();
    };
    for await (const item of reach.subscribe({ ...call, onTaken })) {
      judge('answered');
      yield item;
    }
  } catch (error) {
    judge(error instanceof SubgraphUnavailable && !signal.aborted ? 'failed' : 'unknown');
    throw error;
  } finally {
    way.streams -= 1;
    judge('unknown');
  }
}
