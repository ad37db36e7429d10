import { countTry } from './login.ts';

/** Tries as they are counted for whatever is tried. */
interface Tries {
  readonly wrongTries: number;
  readonly lastTryAt: Date | null;
}

const READS_MAX = 12; // as many as may be in the middle of a try at once, and some

/**
 * Counts a try before it is looked at, so that parallel guesses cannot slip past the limit. `first` is what was read
 * already; it is read again as long as somebody else counts in between. Null when there is nothing to try, or it is locked.
 */
export async function admitTry<Found extends Tries>(
  first: Found | null,
  deps: {
    at: Date;
    read(): Promise<Found | null>;
    count(found: Found, counter: { from: number; to: number; at: Date }): Promise<boolean>;
  },
): Promise<Found | null> {
  const { at, read, count } = deps;
  let found = first;
  for (let reads = 1; found !== null; reads += 1) {
    const to = countTry(found, at);
    if (to === 'LOCKED') return null;
    if (await count(found, { from: found.wrongTries, to, at })) return found;
    found = reads < READS_MAX ? await read() : null;
  }
  return null;
}
