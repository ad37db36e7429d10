import { AuthorizationResponseError } from 'oauth4webapi';

/** Why a login did not end well; each has a sentence in the catalogue. */
export type LoginFault =
  | 'LOGIN_CANCELLED'
  | 'LOGIN_NOT_OURS'
  | 'LOGIN_TOO_WEAK'
  | 'LOGIN_FAILED'
  | 'ISSUER_UNREACHABLE';

/** Reads a fault out of what oauth4webapi or fetch threw. */
export function loginFaultOf(cause: unknown): LoginFault {
  if (cause instanceof AuthorizationResponseError) {
    return cause.error === 'access_denied' ? 'LOGIN_CANCELLED' : 'LOGIN_FAILED';
  }
  // fetch throws a TypeError when nothing answers and a DOMException when the time is over.
  const unreachable =
    cause instanceof DOMException || (cause instanceof TypeError && !('code' in cause));
  return unreachable ? 'ISSUER_UNREACHABLE' : 'LOGIN_FAILED';
}
