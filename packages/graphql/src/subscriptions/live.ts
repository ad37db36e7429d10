import { isDeepStrictEqual } from 'node:util';
import type { ChangeFeed, ChangeListener } from '@7pay/mongo';

/** One thing that a subscription tells of: its value, and where in the history that was. */
export interface Live<Value> {
  readonly value: Value;
  readonly cursor: string;
  /** Something may have been missed before it. */
  readonly gap?: true;
}

/** How a subscription is opened: from now or, with a cursor, from where an earlier one has come to. */
export interface Opening {
  readonly after?: string | undefined;
}

/** The values of a subscription one after another, until it is returned. */
export interface LiveSource<Value> extends AsyncIterableIterator<Live<Value>> {
  /** The cursor behind everything that was handed out. */
  readonly cursor: string;
  return(): Promise<IteratorResult<Live<Value>>>;
}

interface LiveState<Value> {
  readonly feed: ChangeFeed;
  readonly topic: Parameters<ChangeFeed['listen']>[0];
  readonly opening: Opening | undefined;
  /** How things stand now; several values where the subscription is about several things. */
  readonly present: () => Promise<readonly Value[]>;
  /** What a changed document says; undefined where it is nothing for this listener. */
  readonly read: (document: Readonly<Record<string, unknown>>) => Value | undefined;
}

/**
 * Tells how things stand, and then each change. Whoever comes back with a cursor is told what it missed instead of the present,
 * or the present with the remark that there is a gap. It listens before it reads: nothing falls between, and what comes
 * twice is told once.
 */
export async function liveState<Value>(state: LiveState<Value>): Promise<LiveSource<Value>> {
  const { feed, topic, opening, present, read } = state;
  const after = opening?.after;
  const listener = await feed.listen(topic, { after });
  try {
    const first = after === undefined ? await present() : [];
    return sourceOf(listener, { first, present, read });
  } catch (error) {
    listener.close();
    throw error;
  }
}

function sourceOf<Value>(
  listener: ChangeListener,
  {
    first,
    present,
    read,
  }: Pick<LiveState<Value>, 'present' | 'read'> & { first: readonly Value[] },
): LiveSource<Value> {
  const start = listener.position;
  const waiting: Live<Value>[] = first.map((value) => ({ value, cursor: start }));
  let last: Value | undefined;

  const next = async (): Promise<IteratorResult<Live<Value>>> => {
    for (;;) {
      const ready = waiting.shift();
      if (ready) {
        last = ready.value;
        return { done: false, value: ready };
      }
      const heard = await listener.next();
      if (heard === undefined) return { done: true, value: undefined };
      if (heard === 'gap') {
        const now = await present();
        const cursor = listener.position;
        waiting.push(...now.map((value) => ({ value, cursor, gap: true as const })));
        continue;
      }
      const value = read(heard.document);
      if (value === undefined || isDeepStrictEqual(value, last)) continue;
      waiting.push({ value, cursor: heard.position });
    }
  };
  return {
    next,
    get cursor() {
      return listener.position;
    },
    return: async () => {
      listener.close();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const OPENINGS = new WeakMap<object, Opening>();

/** Notes how a subscription is opened beside the context that its resolvers are given. */
export function noteOpening(context: object, opening: Opening): void {
  OPENINGS.set(context, opening);
}

/** How the subscription of this context is opened. */
export const openingOf = (context: object): Opening | undefined => OPENINGS.get(context);
