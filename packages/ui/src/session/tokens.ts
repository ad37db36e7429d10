/** The tokens of a signed-in person. The access token lives in memory alone. */
export interface Tokens {
  readonly access: string;
  readonly takenAt: number; // milliseconds
  readonly expiresAt: number; // milliseconds
  readonly refresh: string | null;
  readonly id: string | null;
}

/** A token is renewed this long before its end, so that no request leaves with a dying one. */
const renewBeforeMs = 30_000;

/** A token that the graph refuses is renewed at most this often: a fault elsewhere must not become a storm. */
const distrustAfterMs = 10_000;

/** Whether a token that the graph did not take is old enough to be renewed for that. */
export function mayDistrust({ takenAt }: Tokens, now: Date): boolean {
  return now.getTime() - takenAt > distrustAfterMs;
}

/** Whether the access token can still be sent. */
export function isFresh(tokens: Tokens | null, now: Date): tokens is Tokens {
  return tokens !== null && now.getTime() < tokens.expiresAt - renewBeforeMs;
}

const storeKey = '7pay.session';
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What survives a reload of the tab: the refresh token, which rotates, and the hint for logging out. */
export interface KeptSession {
  readonly refresh: string;
  readonly id: string | null;
}

/** Reads what was kept in this tab. */
export function readKept(store: Store): KeptSession | null {
  try {
    const value = JSON.parse(store.getItem(storeKey) ?? 'null') as Partial<KeptSession> | null;
    if (typeof value?.refresh !== 'string') return null;
    return { refresh: value.refresh, id: typeof value.id === 'string' ? value.id : null };
  } catch {
    return null;
  }
}

/** Keeps the session of this tab, or forgets it. */
export function keep(store: Store, tokens: Tokens | null): void {
  if (!tokens?.refresh) store.removeItem(storeKey);
  else store.setItem(storeKey, JSON.stringify({ refresh: tokens.refresh, id: tokens.id }));
}
