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
}

/** Notices in one round; the rest waits for the next. */
const ROUND_MAX = 50;
const ROUND_EVERY_MS = 1_000;

/** Delivers what is due. Returns how many were taken by their clients. */
export const deliverNotices =
  ({ notices, write, allowed, log }: DeliverDeps) =>
  async (): Promise<number> => {
    let taken = 0;
    for (let count = 0; count < ROUND_MAX; count += 1) {
      const notice = await notices.claim();
      if (!notice) break;
      const { id, kind, clientId, tries } = notice;
      const problem = await send(notice, write, allowed);
      if (problem === null) {
        await notices.delivered(id);
        taken += 1;
        log.info('notice.delivered', { kind, clientId, tries });
        continue;
      }
      const state = await notices.failed(notice, problem);
      if (state === 'dead') log.error('notice.dead', { noticeId: id, kind, clientId, problem });
      else log.warn('notice.failed', { noticeId: id, kind, clientId, tries, problem });
    }
    return taken;
  };

/** @returns null when the client took it, else what went wrong, in a few words without its answer */
async function send(
  notice: Notice,
  write: WriteLetter,
  allowed: DeliverDeps['allowed'],
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
      signal: AbortSignal.timeout(OUTGOING_MS_MAX),
    });
    await response.body?.cancel();
    return response.status === 200 || response.status === 204 ? null : `status ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}

/** Delivers every second while 7iD runs; a round that fails is tried again by the next. */
export function deliverNoticesWorker(deliver: () => Promise<number>, log: Log): Worker {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let running = Promise.resolve();
  const round = () => {
    running = deliver()
      .then(() => {})
      .catch((cause: unknown) => log.warn('notice.round.failed', { cause }))
      .finally(() => {
        if (!stopped) timer = setTimeout(round, ROUND_EVERY_MS).unref();
      });
  };
  return {
    start: () => {
      stopped = false;
      timer = setTimeout(round, ROUND_EVERY_MS).unref();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
