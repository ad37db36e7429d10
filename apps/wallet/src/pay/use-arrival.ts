import { useAnswer, useLive } from '@7pay/ui';
import { useEffect, useRef } from 'preact/hooks';
import { type Latest, latestQuery, paymentTold, topUpTold } from '../operations.ts';
import { useWorld } from '../world.ts';
import { type Arrival, arrivalSince } from './arrivals.ts';

/**
 * Is told when the register has used the code, and tells each arrival once. As long as it is not told, because the
 * subscriptions are away or refused, it looks every 2 s.
 */
export function useArrival(onArrival: (arrival: Arrival) => void): void {
  const { graph, live } = useWorld();
  const before = useRef<Latest | null>(null);
  const again = useRef(() => {});
  const payments = useLive(live, { operation: paymentTold, variables: {} }, () => again.current());
  const topUps = useLive(live, { operation: topUpTold, variables: {} }, () => again.current());
  const isTold = payments === 'live' && topUps === 'live';
  // With the last of them the question is asked once more: nothing falls between asking and being told.
  const asked = useAnswer(
    (signal) => graph(latestQuery, {}, { signal }),
    isTold ? {} : { everyMs: 2_000 },
  );
  again.current = asked.again;

  // A code may have paid while there was no network, and a stream that died quietly tells nothing.
  useEffect(() => {
    const look = () => again.current();
    addEventListener('online', look);
    return () => removeEventListener('online', look);
  }, []);

  useEffect(() => {
    const now = asked.data?.wallet;
    if (!now) return;
    const arrival = before.current && arrivalSince(before.current, now);
    if (arrival || !before.current) before.current = now;
    if (arrival) onArrival(arrival);
  }, [asked.data]);
}
