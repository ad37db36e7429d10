import { eventReader, type ReadEvent } from './event-reader.ts';
import type { Operation } from './graph-client.ts';
import type { Sender } from './send.ts';

/**
 * How a subscription stands. `live`: what happens is told. `away`: it is being opened, or it broke and will come back;
 * nothing is missed. `refused`: there is none to be had, ask by a query.
 */
export type LiveState = 'live' | 'away' | 'refused';

/** Subscribes, and comes back by itself. Returns how to end it. */
export type LiveClient = <Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  listener: { onData: (data: Data) => void; onState: (state: LiveState) => void },
) => () => void;

interface LiveDeps {
  readonly url: string;
  readonly sender: Sender;
  readonly locale: () => string;
  readonly onUnauthenticated?: () => void;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** After so long a silence the stream is taken for broken; the platform shows signs of life before. */
  readonly silenceMs?: number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** So often a token may not be taken before it is no matter of the token. */
const MOST_UNAUTHENTICATED = 3;
const WORTH_COMING_BACK = new Set([
  'UNAUTHENTICATED',
  'UNAVAILABLE',
  'INTERNAL',
  'RATE_LIMITED',
  'SUBSCRIPTION_INTERRUPTED',
]);

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[];
  readonly reason?: unknown;
}

/** What is to be done after a stream has ended. */
type After = { readonly pauseMs: number | null } | 'refused' | 'done';

/**
 * Makes the subscriptions of one page, like `EventSource`, but with who asks in its headers: each goes on behind the last event
 * it was told, with a pause that grows while nothing comes.
 */
export function liveClient(deps: LiveDeps): LiveClient {
  const pause = deps.pause ?? sleep;
  return (operation, variables, listener) => {
    const stopping = new AbortController();
    const { signal } = stopping;
    let lastId: string | null = null;
    let failures = 0;
    let unauthenticated = 0;

    const refusedBy = (code: unknown): After => {
      if (code === 'UNAUTHENTICATED') {
        deps.onUnauthenticated?.();
        unauthenticated += 1;
        if (unauthenticated >= MOST_UNAUTHENTICATED) return 'refused';
      }
      return WORTH_COMING_BACK.has(String(code)) ? { pauseMs: null } : 'refused';
    };
    const take = ({ event, data, id, retryMs }: ReadEvent): After | undefined => {
      if (signal.aborted) return 'done';
      if (id !== null) lastId = id;
      if (data === null) return undefined;
      const body = JSON.parse(data) as Body;
      if (event === 'complete') return body.reason === 'DONE' ? 'done' : { pauseMs: retryMs };
      if (body.data === undefined || body.data === null) {
        return refusedBy(body.errors?.[0]?.extensions?.code);
      }
      failures = 0;
      unauthenticated = 0;
      listener.onState('live');
      listener.onData(body.data as never);
      return undefined;
    };
    const follow = async (): Promise<After> => {
      const send = await deps.sender();
      const silent = new AbortController();
      const response = await send(deps.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          'accept-language': deps.locale(),
          ...(lastId === null ? {} : { 'last-event-id': lastId }),
        },
        body: JSON.stringify({ operationName: operation.name, query: operation.text, variables }),
        signal: AbortSignal.any([signal, silent.signal]),
        cache: 'no-store',
        credentials: 'omit',
      });
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
        const body = (await response.json()) as Body;
        const isOldPlace = lastId !== null && response.status === 400;
        lastId = isOldPlace ? null : lastId;
        return isOldPlace ? { pauseMs: null } : refusedBy(body.errors?.[0]?.extensions?.code);
      }
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      const read = eventReader();
      for (;;) {
        const late = setTimeout(() => silent.abort(), deps.silenceMs ?? 45_000);
        const piece = await reader?.read().finally(() => clearTimeout(late));
        if (!piece || piece.done) return { pauseMs: null };
        for (const event of read(piece.value)) {
          const after = take(event);
          if (after) {
            silent.abort();
            return after;
          }
        }
      }
    };
    const run = async () => {
      while (!signal.aborted) {
        listener.onState('away');
        const after = await follow().catch((): After => ({ pauseMs: null }));
        if (signal.aborted || after === 'done') return;
        if (after === 'refused') return listener.onState('refused');
        const grown = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
        failures += 1;
        await pause(after.pauseMs ?? grown * (0.5 + Math.random() / 2), signal);
      }
    };
    void run();
    return () => stopping.abort();
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
