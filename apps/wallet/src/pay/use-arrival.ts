import { useAnswer } from '@7pay/ui';
import { useEffect, useRef } from 'preact/hooks';
import { type Latest, latestQuery } from '../operations.ts';
import { useWorld } from '../world.ts';
import { type Arrival, arrivalSince } from './arrivals.ts';

/** Looks every 2 s whether the register has used the code, and tells each arrival once. */
export function useArrival(onArrival: (arrival: Arrival) => void): void {
  const { graph } = useWorld();
  const before = useRef<Latest | null>(null);
  const asked = useAnswer((signal) => graph(latestQuery, {}, { signal }), { everyMs: 2_000 });

  useEffect(() => {
    const now = asked.data?.wallet;
    if (!now) return;
    const arrival = before.current && arrivalSince(before.current, now);
    if (arrival || !before.current) before.current = now;
    if (arrival) onArrival(arrival);
  }, [asked.data]);
}
