import { methodsOf, providersOf } from '@7pay/controls';
import { derivedId } from '@7pay/ids';
import { declareRefusals } from '@7pay/refusals';
import type { LoginRecord } from '../gate/login-record.ts';
import { SESSION_SECONDS_IDLE, SESSION_SECONDS_MAX } from '../lifetimes.ts';
import type { KeptSession } from '../storage/session.store.ts';

export type SessionRefusal = 'SESSION_NOT_FOUND' | 'CURRENT_SESSION_UNKNOWN' | 'MEMBER_NOT_FOUND';

declareRefusals('identity/session-list/member-session', {
  SESSION_NOT_FOUND: {
    ja: 'このログインはすでに終了しています。',
    en: 'This login has ended already.',
  },
  CURRENT_SESSION_UNKNOWN: {
    ja: 'お使いのログインを確認できませんでした。もう一度ログインしてからお試しください。',
    en: 'We could not tell which login is yours. Please log in again and try once more.',
  },
  MEMBER_NOT_FOUND: {
    ja: 'この会員は見つかりません。会員番号を確認してください。',
    en: 'There is no such member. Please check the id.',
  },
});

/** One login of a member that goes on, as the member is shown it. */
export interface MemberSession {
  /** Follows from the session and leads nowhere: neither the cookie nor the `sid` of a token. */
  readonly id: string;
  readonly loggedInAt: Date;
  /** When a browser last used it; null where that cannot be told. */
  readonly lastSeenAt: Date | null;
  /** The app that the login was made for; null without a record of it. */
  readonly clientId: string | null;
  readonly way: SessionWay | null;
  /** The external provider that opened it, by its key; null where none did. */
  readonly provider: string | null;
  /** `as:<number>`, or the digest of a /24 or /48. */
  readonly network: string | null;
  readonly country: string | null;
  readonly isCurrent: boolean;
}
export type SessionWay = 'PASSWORD' | 'PASSKEY' | 'EXTERNAL';

/** The id by which a session is named in the graph. */
export const sessionIdOf = (uid: string): string => derivedId('ses', uid);

/** Puts together what is kept of a session and what is on record of its login. */
export function memberSession(
  { uid, atSeconds, amr, expiresAt }: KeptSession,
  record: LoginRecord | null,
  currentUid: string | undefined,
): MemberSession {
  return {
    id: sessionIdOf(uid),
    loggedInAt: new Date(atSeconds * 1_000),
    lastSeenAt: lastSeenAt(atSeconds, expiresAt),
    clientId: record?.clientId ?? null,
    way: wayOf(record?.amr ?? amr),
    provider: providersOf(record?.amr ?? amr)[0] ?? null,
    network: record?.network ?? null,
    country: record?.country ?? null,
    isCurrent: uid === currentUid,
  };
}

// What opened the session comes first; a passkey may have been shown later, to prove more.
function wayOf(amr: readonly string[]): SessionWay | null {
  const methods = methodsOf(amr);
  return (
    (['EXTERNAL', 'PASSWORD', 'PASSKEY'] as const).find((way) => methods.includes(way)) ?? null
  );
}

// Each use sets a session's end anew, until its longest life is reached: from then on nothing tells.
function lastSeenAt(atSeconds: number, expiresAt: Date | null): Date | null {
  if (!expiresAt || expiresAt.getTime() >= (atSeconds + SESSION_SECONDS_MAX) * 1_000) return null;
  return new Date(expiresAt.getTime() - SESSION_SECONDS_IDLE * 1_000);
}
