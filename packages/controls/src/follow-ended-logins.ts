import { followChanges } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import { sleep } from '@7pay/time';
import type { Connection } from 'mongoose';
import { ENDED_LOGIN_SECONDS, endOf } from './ended-login.ts';
import {
  ENDED_LOGIN_COLLECTION,
  endIn,
  openEndedLogins,
  type ToldEnd,
} from './ended-login.store.ts';
import type { LoginVerdict } from './judge.ts';
import type { LoginFacts } from './login-facts.ts';

/** The ends of logins, in memory, followed until stopped. */
export interface FollowedEndedLogins {
  /** That the login behind a token has ended; undefined while nothing is known of an end. Asks nobody. */
  judge(facts: LoginFacts): LoginVerdict | undefined;
  /** How many ends are kept. */
  readonly size: number;
  stop(): Promise<void>;
}

const RETRY_MS = 250;
const READ_AGAIN_MS = 30_000;

/**
 * Follows what ends at 7iD, so that a gateway refuses its access tokens although they would hold by their signature
 * (docs/adr/0044-an-end-reaches-the-gateways.md). By change stream; all of it is read again when the stream had broken, and every half
 * minute besides. An end is kept for six minutes, when no token from before it holds any more. A gateway that cannot see the database goes on by what it saw last.
 * @throws an error of the database when nothing can be read at the beginning
 */
export async function followEndedLogins(
  connection: Connection,
  options: { log: Log; now?: () => number; readAgainMs?: number },
): Promise<FollowedEndedLogins> {
  const { log, now = () => performance.now(), readAgainMs = READ_AGAIN_MS } = options;
  const store = openEndedLogins(connection);
  const stopping = new AbortController();
  const { signal } = stopping;
  const ends = new Map<string, { readonly at: Date; readonly heardMs: number }>();

  const hear = ({ key, at }: ToldEnd) => {
    const known = ends.get(key);
    if (known && known.at >= at) return;
    ends.delete(key); // so that the oldest come first
    ends.set(key, { at, heardMs: now() });
  };
  const forget = () => {
    const tooOldMs = now() - ENDED_LOGIN_SECONDS * 1_000;
    for (const [key, { heardMs }] of ends) {
      if (heardMs > tooOldMs) break;
      ends.delete(key);
    }
  };
  const readAll = async () => {
    forget();
    for (const end of await store.all()) hear(end);
  };

  const warn = (cause: unknown) => log.warn('ended_logins.unreadable', { cause });
  const watch = async () => {
    while (!signal.aborted) {
      await followChanges(connection, {
        collection: ENDED_LOGIN_COLLECTION,
        signal,
        onOpen: () => void readAll().catch(warn),
        onChange: async ({ document }) => {
          const end = endIn(document);
          if (end) hear(end);
        },
      }).catch(warn);
      await sleep(RETRY_MS, signal);
    }
  };
  const lookAgain = async () => {
    while (!signal.aborted) {
      await sleep(readAgainMs, signal);
      if (!signal.aborted) await readAll().catch(warn);
    }
  };
  await readAll();
  const running = [watch(), lookAgain()];
  return {
    judge: (facts) => {
      const stop = endOf(facts, ends);
      return stop && { holds: false, stop };
    },
    get size() {
      return ends.size;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
