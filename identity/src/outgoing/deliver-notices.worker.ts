import { setTimeout as wait } from 'node:timers/promises';
import type { Worker } from '@7pay/graphql';
import type { Log } from '@7pay/telemetry';
import type { Notice } from './notice.ts';
import type { NoticeStore } from './notice.store.ts';
import { type AllowedHosts, mayCall, OUTGOING_MS_MAX } from './outgoing-fetch.ts';

/** A notice as it goes out: made at each try, since what is signed is good for a short time. */
export interface Letter {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export type WriteLetter = (notice: Notice) => Promise<Letter | 'NOBODY_TO_TELL'>;

interface DeliverDeps {
  readonly notices: NoticeStore;
  readonly write: WriteLetter;
  readonly allowed: AllowedHosts;
  readonly log: Log;
  /** How long a client may take to answer, in milliseconds; {@link OUTGOING_MS_MAX} when absent. */
  readonly answerMs?: number;
}

/** Deliveries at a time, each to another client. */
const SIDE_BY_SIDE_MAX = 10;
const LOOK_EVERY_MS = 1_000;

/**
 * Delivers what is due, and what becomes due meanwhile: to clients side by side, to each of them one by one. So a client that
 * does not answer holds up nobody but itself. It ends when nothing is due or under way, and begins nothing more once it is
 * not to go on. Returns how many were taken by their clients.
 */
export const deliverNotices =
  ({ notices, write, allowed, log, answerMs = OUTGOING_MS_MAX }: DeliverDeps) =>
  async (goesOn: () => boolean = () => true): Promise<number> => {
    const underWay = new Map<string, Promise<void>>();
    let taken = 0;
    const deliver = async (notice: Notice) => {
      const { id, kind, clientId, tries } = notice;
      try {
        const problem = await send(notice, { write, allowed, answerMs });
        if (problem === null) {
          await notices.delivered(id);
          taken += 1;
          log.info('notice.delivered', { kind, clientId, tries });
          return;
        }
        const state = await notices.failed(notice, problem);
        if (state === 'dead') log.error('notice.dead', { noticeId: id, kind, clientId, problem });
        else log.warn('notice.failed', { noticeId: id, kind, clientId, tries, problem });
      } catch (cause) {
        log.warn('notice.round.failed', { cause }); // not noted: due again when its claim is over
      } finally {
        underWay.delete(clientId);
      }
    };
    try {
      for (;;) {
        const busy = new Map(underWay); // as of the claim: whose delivery ends during it may have more that is due
        const mayBegin = busy.size < SIDE_BY_SIDE_MAX && goesOn();
        const notice = mayBegin ? await notices.claim([...busy.keys()]) : undefined;
        if (notice) underWay.set(notice.clientId, deliver(notice));
        else if (busy.size === 0) return taken;
        else await Promise.race([...busy.values(), wait(LOOK_EVERY_MS, null, { ref: false })]);
      }
    } finally {
      await Promise.all(underWay.values());
    }
  };

/** @returns null when the client took it, else what went wrong, in a few words without its answer */
async function send(
  notice: Notice,
  { write, allowed, answerMs }: Required<Pick<DeliverDeps, 'write' | 'allowed' | 'answerMs'>>,
): Promise<string | null> {
  if (!mayCall(notice.uri, allowed)) return 'host is not in outgoingHosts';
  try {
    const letter = await write(notice);
    if (letter === 'NOBODY_TO_TELL') return null;
    const response = await fetch(notice.uri, {
      method: 'POST',
      headers: letter.headers,
      body: letter.body,
      redirect: 'manual', // another address is another decision
      signal: AbortSignal.timeout(answerMs),
    });
    await response.body?.cancel();
    return response.status === 200 || response.status === 204 ? null : `status ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}

/**
 * Delivers every second while 7iD runs; a round that fails is tried again by the next. Stopped, it waits for what is under
 * way alone.
 */
export function deliverNoticesWorker(
  deliver: (goesOn: () => boolean) => Promise<number>,
  log: Log,
): Worker {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running = Promise.resolve();
  const round = () => {
    running = deliver(() => !stopped)
      .then(() => {})
      .catch((cause: unknown) => log.warn('notice.round.failed', { cause }))
      .finally(() => {
        if (!stopped) timer = setTimeout(round, LOOK_EVERY_MS).unref();
      });
  };
  return {
    start: () => {
      stopped = false;
      timer = setTimeout(round, LOOK_EVERY_MS).unref();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
