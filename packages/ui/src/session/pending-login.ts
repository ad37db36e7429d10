/** What must be kept between leaving for 7iD and coming back: the proofs that the answer is ours. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string; // PKCE, RFC 7636
  readonly returnTo: string; // a path of this face
  readonly acr: string | null; // the strength that was asked for
  readonly startedAt: number; // milliseconds
}

/** A login that takes longer than this was left lying: it is not finished, it is started again. */
export const loginMinutesMax = 30;

/** How many logins one tab may have under way. */
const pendingMax = 3;
const storeKey = '7pay.logins';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps a login that starts; the oldest goes when there are too many. */
export function keepPending(store: Store, login: PendingLogin): void {
  write(store, [...read(store), login].slice(-pendingMax));
}

/**
 * Takes the login that belongs to the `state` of an answer. It can be taken once.
 * `null`: none of ours, or too old.
 */
export function takePending(store: Store, state: string | null, now: Date): PendingLogin | null {
  const all = read(store);
  const found = all.find((login) => login.state === state);
  if (!found) return null;
  write(
    store,
    all.filter((login) => login !== found),
  );
  return now.getTime() - found.startedAt > loginMinutesMax * 60_000 ? null : found;
}

/** A path to come back to: on this origin, inside this face; anything else becomes the face's start. */
export function safeReturn(path: string, home: string): string {
  if (path.length > 500 || !path.startsWith(home) || /[\\\p{Cc}]/u.test(path)) return home;
  const address = new URL(path, 'http://face.invalid');
  const stays = address.host === 'face.invalid' && address.pathname.startsWith(home);
  return stays ? address.pathname + address.search : home;
}

function read(store: Store): PendingLogin[] {
  try {
    const value: unknown = JSON.parse(store.getItem(storeKey) ?? '[]');
    return Array.isArray(value) ? (value as PendingLogin[]) : [];
  } catch {
    return []; // a broken note is no note: the person signs in again
  }
}

function write(store: Store, logins: readonly PendingLogin[]): void {
  if (logins.length === 0) store.removeItem(storeKey);
  else store.setItem(storeKey, JSON.stringify(logins));
}
