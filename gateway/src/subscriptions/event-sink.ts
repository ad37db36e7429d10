import type { ServerResponse } from 'node:http';
import { EVENT_STREAM, eventText, heartbeatText } from '@7pay/graphql';
import type { FormattedExecutionResult } from 'graphql';

/** Why a stream ended. All but the first two are worth coming back, with the id of the last event. */
export type StreamEnd =
  /** There is nothing more to tell. */
  | 'DONE'
  /** The access token has ended: come back with another one. */
  | 'TOKEN_ENDED'
  /** It has lived as long as a stream may. */
  | 'LIFE_OVER'
  /** Another supergraph serves by now. */
  | 'MOVED'
  /** This gateway stops. */
  | 'STOPPING';

/** Where the events of one subscription go (GraphQL over SSE, distinct connections mode). */
export interface EventSink {
  next(result: FormattedExecutionResult, id: string | undefined): void;
  /** A sign of life; the place to come back to moves on with it. */
  beat(id: string | undefined): void;
  complete(end: StreamEnd, retryMs?: number): void;
  /** Since when nothing was sent, milliseconds of the stopwatch. */
  readonly quietSince: number;
}

/** Sends events to a client. One that leaves too much unread is dropped. */
export function eventSink(
  response: ServerResponse,
  {
    unreadBytes,
    elapsedMs,
    onDropped,
  }: {
    unreadBytes: number;
    elapsedMs: () => number;
    onDropped: () => void;
  },
): EventSink {
  let quietSince = elapsedMs();
  const write = (text: string) => {
    if (response.destroyed || response.writableEnded) return;
    quietSince = elapsedMs();
    response.write(text);
    if (response.writableLength <= unreadBytes) return;
    onDropped();
    response.destroy();
  };
  response.writeHead(200, {
    'content-type': `${EVENT_STREAM}; charset=utf-8`,
    'x-accel-buffering': 'no', // a proxy that collects answers would hold events back
  });
  write(':\n\n');
  return {
    next: ({ errors, data, extensions }, id) =>
      write(eventText({ event: 'next', data: JSON.stringify({ errors, data, extensions }), id })),
    beat: (id) => write(heartbeatText(id)),
    complete: (end, retryMs) => {
      write(eventText({ event: 'complete', data: JSON.stringify({ reason: end }), retryMs }));
      response.end();
    },
    get quietSince() {
      return quietSince;
    },
  };
}
