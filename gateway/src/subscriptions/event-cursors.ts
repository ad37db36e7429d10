import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Viewer } from '@7pay/graphql';
import type { Clock } from '@7pay/time';

/** What a subscription asks for, and who asks: an id of one is good for no other. */
export interface Subscribed {
  readonly viewer: Viewer;
  readonly query?: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Makes the ids of events, and reads them back. */
export interface EventCursors {
  /** The id of an event: the cursor of its subgraph, and when. */
  seal(cursor: string): string;
  /** The cursor in an id; `old` when it is too long ago; undefined when it is no id of this subscription. */
  open(id: string): { readonly cursor: string } | 'old' | undefined;
}

const LONGEST = 2_048;

/** The ids of one subscription. They are signed: nobody can make a gateway resume from anywhere else. */
export function eventCursors(
  key: Uint8Array,
  subscribed: Subscribed,
  { clock, cursorMs }: { clock: Clock; cursorMs: number },
): EventCursors {
  const subject = createHash('sha256').update(subjectOf(subscribed)).digest('base64url');
  const sign = (body: string) =>
    createHmac('sha256', key).update(`${subject}.${body}`).digest('base64url');
  return {
    seal: (cursor) => {
      const body = Buffer.from(JSON.stringify([cursor, clock.now().getTime()])).toString(
        'base64url',
      );
      return `${body}.${sign(body)}`;
    },
    open: (id) => {
      const [, body, given] = id.length > LONGEST ? [] : (/^([\w-]+)\.([\w-]{43})$/.exec(id) ?? []);
      if (body === undefined || given === undefined) return undefined;
      if (!timingSafeEqual(Buffer.from(given), Buffer.from(sign(body)))) return undefined;
      const [cursor, at] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
        string,
        number,
      ];
      return clock.now().getTime() - at > cursorMs ? 'old' : { cursor };
    },
  };
}

function subjectOf({ viewer, query, operationName, variables }: Subscribed): string {
  const { kind, clientId } = viewer;
  const who = kind === 'member' ? viewer.memberId : kind === 'terminal' ? viewer.terminalId : null;
  return JSON.stringify([kind, clientId, who, query, operationName ?? null, variables ?? {}]);
}
