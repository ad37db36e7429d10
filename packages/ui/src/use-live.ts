import { useEffect, useRef, useState } from 'preact/hooks';
import type { Operation } from './graph-client.ts';
import type { LiveClient, LiveState } from './live-client.ts';

/**
 * Subscribes while a screen stands, anew when `variables` change; null subscribes to nothing. Tells how the subscription stands:
 * unless it is `live`, the screen asks by itself.
 */
export function useLive<Data, Variables>(
  live: LiveClient,
  { operation, variables }: { operation: Operation<Data, Variables>; variables: Variables | null },
  onData: (data: Data) => void,
): LiveState {
  const [state, setState] = useState<LiveState>('away');
  const latest = useRef(onData);
  latest.current = onData;
  useEffect(() => {
    setState('away');
    if (variables === null) return;
    return live(operation, variables, {
      onData: (data) => latest.current(data),
      onState: setState,
    });
  }, [operation, JSON.stringify(variables)]);
  return state;
}
