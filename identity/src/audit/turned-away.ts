import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Audit } from './audit.store.ts';

/** Why a password was not looked at. */
export type AwayCause =
  /** Its network had used its budget of wrong tries up. */
  | 'NETWORK_SPENT'
  /** More waited for their turn than can be looked at, and it was not one of those who go first. */
  | 'NO_ROOM';

/** Where a try came from, as far as it is looked at. */
export interface AwayFrom {
  readonly network: string | null;
  readonly country: string | null;
}

/**
 * Tries to log in that were turned away before anything was looked at. They are counted by minute, network and cause and put on
 * record when the minute is over, as one event each: what costs an attacker nothing must cost the record little. A process
 * that is killed loses the counts of its last minute.
 */
export interface TurnedAway {
  note(from: AwayFrom, cause: AwayCause): void;
  /** Writes the counts of the minutes that are over. */
  write(): Promise<void>;
  /** Writes what there is. */
  close(): Promise<void>;
}

interface Counted extends AwayFrom {
  readonly cause: AwayCause;
  readonly minuteMs: number;
  tries: number;
}

const MINUTE_MS = 60_000;
const LOOK_MS = 5_000;
/** Counts that are kept at once; the tries of networks beyond are counted together, with no network. */
const COUNTS_MAX = 10_000;

export function openTurnedAway(
  audit: Audit,
  { clock, log, countsMax = COUNTS_MAX }: { clock: Clock; log: Log; countsMax?: number },
): TurnedAway {
  const counts = new Map<string, Counted>();
  let writing: Promise<void> = Promise.resolve();

  const add = (counted: Counted) => {
    const { network, cause, minuteMs, tries } = counted;
    const name = JSON.stringify([minuteMs, cause, network]);
    const kept = counts.get(name);
    if (kept) kept.tries += tries;
    else if (counts.size < countsMax || network === null) counts.set(name, { ...counted });
    else add({ ...counted, network: null, country: null });
  };

  const append = async (counted: Counted) => {
    const { network, country, cause, minuteMs, tries } = counted;
    await audit.append('LOGIN_REFUSED', {
      method: 'PASSWORD',
      reason: cause,
      tries,
      about: new Date(minuteMs).toISOString(),
      ...(network !== null && { network }),
      ...(country !== null && { country }),
    });
  };

  const take = async (isDue: (counted: Counted) => boolean) => {
    const due = [...counts].filter(([, counted]) => isDue(counted));
    if (due.length === 0) return;
    for (const [name] of due) counts.delete(name);
    const ended = await Promise.allSettled(due.map(([, counted]) => append(counted)));
    let tries = 0;
    for (const [index, { status }] of ended.entries()) {
      const counted = due[index]?.[1];
      if (!counted) continue;
      if (status === 'fulfilled') tries += counted.tries;
      else add(counted); // and once more with those of the next minute
    }
    if (tries > 0) log.warn('login.turned_away', { tries, count: due.length });
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed) log.error('login.turned_away_unrecorded', { cause: failed.reason });
  };
  // One after another: what could not be written is not counted twice.
  const next = (isDue: (counted: Counted) => boolean) =>
    (writing = writing.then(() => take(isDue)));
  const write = () => {
    const now = clock.now().getTime();
    return next(({ minuteMs }) => minuteMs + MINUTE_MS <= now);
  };

  const timer = setInterval(() => void write(), LOOK_MS);
  timer.unref();
  return {
    note: ({ network, country }, cause) => {
      const minuteMs = Math.floor(clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
      add({ network, country, cause, minuteMs, tries: 1 });
    },
    write,
    close: async () => {
      clearInterval(timer);
      await next(() => true);
    },
  };
}
