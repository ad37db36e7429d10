import en from './locales/en.json' with { type: 'json' };
import ja from './locales/ja.json' with { type: 'json' };
import type { LoginFault } from './session/login-fault.ts';
import { catalogue, type Translate } from './messages.ts';

/** The keys of the words that all faces share. */
export type UiKey = keyof typeof ja;

/** The words that all faces share. */
export const uiText: Translate<UiKey> = catalogue({ ja, en });

const loginKeys: Record<LoginFault, UiKey> = {
  LOGIN_CANCELLED: 'loginCancelled',
  LOGIN_FAILED: 'loginFailed',
  LOGIN_NOT_OURS: 'loginNotOurs',
  LOGIN_TOO_WEAK: 'loginTooWeak',
  ISSUER_UNREACHABLE: 'loginIssuerUnreachable',
};

/** What to do about a login that did not end well. */
export function loginSentence(fault: LoginFault): string {
  return uiText(loginKeys[fault]);
}
