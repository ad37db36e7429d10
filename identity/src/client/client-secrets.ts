import type { BusinessDate } from '@7pay/time';

/** How long the secret before still works when a new one is made: a day to put the new one wherever the app runs. */
export const OLD_SECRET_HOURS = 24;

/** The secret before the one that counts. There is one at most: a newer one takes its place. */
export interface OldSecret {
  readonly secret: string;
  /** Until when it works. */
  readonly until: Date;
  readonly usedOn: BusinessDate | null;
}

/** What is known of a client's secrets besides the one that counts. */
export interface ClientSecrets {
  /** When the one that counts was made; null for the first. */
  readonly madeAt: Date | null;
  /** The last day it was used; null for one that was not yet. */
  readonly usedOn: BusinessDate | null;
  readonly old: OldSecret | null;
}

export const FIRST_SECRET: ClientSecrets = { madeAt: null, usedOn: null, old: null };

/** What becomes of the secret before: it works for a day more, or is over at once. */
export type Leaving = 'IN_A_DAY' | 'AT_ONCE';

/** A new secret takes the place of `current`. */
export function renewSecrets(
  { usedOn }: ClientSecrets,
  current: string,
  { leaving, at }: { leaving: Leaving; at: Date },
): ClientSecrets {
  const until = new Date(at.getTime() + OLD_SECRET_HOURS * 3_600_000);
  const old = leaving === 'IN_A_DAY' ? { secret: current, until, usedOn } : null;
  return { madeAt: at, usedOn: null, old };
}

/** The secret before, as long as it works. */
export const workingOld = ({ old }: ClientSecrets, at: Date): OldSecret | null =>
  old && at < old.until ? old : null;
