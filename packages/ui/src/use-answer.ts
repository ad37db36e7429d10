import { useEffect, useRef, useState } from 'preact/hooks';
import type { GraphAnswer, GraphFault } from './graph-client.ts';

/** What a screen knows: the last data, the last fault, and how to ask again. */
export interface Asked<Data> {
  readonly data: Data | null;
  readonly fault: GraphFault | null;
  /** Asks again now. */
  readonly again: () => void;
}

/**
 * Asks when a screen appears, when `key` changes, and then again every `everyMs` while the page can be
 * seen. Data stay on screen when a later question fails: the fault is told beside them.
 */
export function useAnswer<Data>(
  ask: (signal: AbortSignal) => Promise<GraphAnswer<Data>>,
  options: { key?: string; everyMs?: number } = {},
): Asked<Data> {
  const { key = '', everyMs } = options;
  const [state, setState] = useState<{ data: Data | null; fault: GraphFault | null }>({
    data: null,
    fault: null,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      if (document.visibilityState === 'visible') {
        const answer = await latest.current(stop.signal);
        if (stop.signal.aborted) return;
        setState((before) =>
          'fault' in answer
            ? { ...before, fault: answer.fault }
            : { data: answer.data, fault: null },
        );
      }
      if (everyMs) timer = setTimeout(run, everyMs);
    };
    void run();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, everyMs, turn]);

  return { ...state, again: () => setTurn((before) => before + 1) };
}
