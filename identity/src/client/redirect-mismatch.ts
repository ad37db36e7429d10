/** In what an address differs from a registered one. `SPELLING`: it means the same and is written otherwise. */
export type RedirectDifference =
  | 'UNREADABLE'
  | 'SCHEME'
  | 'HOST'
  | 'PORT'
  | 'PATH'
  | 'TRAILING_SLASH'
  | 'QUERY'
  | 'FRAGMENT'
  | 'SPELLING';

/** A redirect URI that is not registered, beside the registered one that is nearest to it. */
export interface RedirectMismatch {
  readonly asked: string;
  readonly nearest: string | undefined;
  /** In the order of the parts of an address; empty only when nothing is registered. */
  readonly differences: readonly RedirectDifference[];
}

// Longer ones are cut on the page and in the log.
const SHOWN_MAX = 300;
// Another host is further away than all the rest together.
const WEIGHTS: Partial<Record<RedirectDifference, number>> = { HOST: 20, PATH: 5, SCHEME: 2 };

/** Finds what differs, part by part. RFC 9700 §2.1: redirect URIs match exactly, so each of them is a refusal. */
export function redirectMismatch(asked: string, registered: readonly string[]): RedirectMismatch {
  const shown = asked.slice(0, SHOWN_MAX);
  const [best] = registered
    .map((nearest) => ({ nearest, differences: differencesOf(asked, nearest) }))
    .sort((a, b) => distance(a.differences) - distance(b.differences));
  return { asked: shown, nearest: best?.nearest, differences: best?.differences ?? [] };
}

/** An address without its query, fragment and user: what a log may have. */
export function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return 'unreadable';
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`.slice(0, SHOWN_MAX);
}

const distance = (differences: readonly RedirectDifference[]): number =>
  differences.reduce((sum, each) => sum + (WEIGHTS[each] ?? 1), 0);

function differencesOf(asked: string, registered: string): RedirectDifference[] {
  if (!URL.canParse(asked)) return ['UNREADABLE'];
  const [a, r] = [new URL(asked), new URL(registered)];
  const found: RedirectDifference[] = [];
  if (a.protocol !== r.protocol) found.push('SCHEME');
  if (a.hostname !== r.hostname) found.push('HOST');
  if (a.port !== r.port) found.push('PORT');
  if (a.pathname !== r.pathname) {
    const plain = (path: string) => path.replace(/\/$/, '');
    found.push(plain(a.pathname) === plain(r.pathname) ? 'TRAILING_SLASH' : 'PATH');
  }
  if (a.search !== r.search) found.push('QUERY');
  if (a.hash !== r.hash) found.push('FRAGMENT');
  return found.length === 0 ? ['SPELLING'] : found;
}
