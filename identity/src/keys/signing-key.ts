import type { SigningKey } from '../settings.ts';

/** A new key is published this long before it signs, so that everybody who caches our keys has it. */
export const PUBLISHED_FIRST_SECONDS = 10 * 60;
/** A key that signs no more verifies for this long: longer than any token, and than ID tokens are shown as hints. */
export const OVERLAP_SECONDS = 24 * 60 * 60;

/** A signing key and its life. */
export interface KeptKey {
  readonly key: SigningKey;
  readonly signsFrom: Date;
  /** Published until then; null while it is not replaced. */
  readonly publishedUntil: Date | null;
  /** Known to others: good for nothing from this instant on. */
  readonly compromised: boolean;
}

type Age = { readonly key: Pick<SigningKey, 'kid'>; readonly signsFrom: Date };

/** Whether the one key gives way to the other. Of two from one instant the name decides, the same in every process. */
export const isOlder = (one: Age, other: Age): boolean =>
  one.signsFrom.getTime() === other.signsFrom.getTime()
    ? one.key.kid < other.key.kid
    : one.signsFrom < other.signsFrom;

/** Whether a key goes on signing until it is replaced: what is kept must always have one that does. */
export const isLasting = ({ key, publishedUntil, compromised }: KeptKey): boolean =>
  key.kty === 'EC' && publishedUntil === null && !compromised;

/**
 * The keys at an instant: the one that signs first, then those that are published only. A function of the time, so
 * every process makes the same change by itself.
 */
export function ringAt(kept: readonly KeptKey[], at: Date): SigningKey[] {
  const published = kept.filter(
    ({ compromised, publishedUntil }) =>
      !compromised && (publishedUntil === null || publishedUntil > at),
  );
  const byAge = [...published].sort((a, b) => (isOlder(a, b) ? 1 : -1));
  const signing = byAge.find(({ signsFrom }) => signsFrom <= at) ?? byAge.at(-1);
  const others = byAge.filter((one) => one !== signing);
  return [...(signing ? [signing] : []), ...others].map(({ key }) => key);
}

/** What tells one ring from another. */
export const ringName = (keys: readonly SigningKey[]): string =>
  keys.map(({ kid }) => kid).join(' ');

/** `NEXT`: published, and signs soon. `PUBLISHED`: signs no more, and verifies. `GONE`: its time is over. */
export type KeyState = 'SIGNING' | 'NEXT' | 'PUBLISHED' | 'GONE' | 'COMPROMISED';

const ORDER: readonly KeyState[] = ['SIGNING', 'NEXT', 'PUBLISHED', 'GONE', 'COMPROMISED'];

/** What each key is at an instant, without its secret part: the one that signs first, those that are over last. */
export function keyStates(kept: readonly KeptKey[], at: Date) {
  const [signing] = ringAt(kept, at);
  const stateOf = ({ key, signsFrom, publishedUntil, compromised }: KeptKey): KeyState => {
    if (compromised) return 'COMPROMISED';
    if (publishedUntil !== null && publishedUntil <= at) return 'GONE';
    if (key.kid === signing?.kid) return 'SIGNING';
    return signsFrom > at ? 'NEXT' : 'PUBLISHED';
  };
  return kept
    .map((one) => ({
      kid: one.key.kid,
      algorithm: one.key.alg as string,
      state: stateOf(one),
      signsFrom: one.signsFrom.getTime() > 0 ? one.signsFrom : null, // those of the settings have none
      publishedUntil: one.publishedUntil,
    }))
    .toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}
